namespace Observability.Collectors;

/// <summary>Takes the requests of one OTLP signal, however they came.</summary>
public interface IOtlpDoor
{
    /// <summary>What it takes.</summary>
    OtlpSignal Signal { get; }

    /// <summary>Most bytes of a request after decompression.</summary>
    long BodyLimitBytes { get; }

    /// <summary>Takes one decompressed request.</summary>
    OtlpOutcome Receive(ReadOnlyMemory<byte> body, OtlpEncoding encoding);
}

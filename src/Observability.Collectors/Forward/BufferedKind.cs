namespace Observability.Collectors;

/// <summary>What an entry of the buffer holds.</summary>
internal enum BufferedKind : byte
{
    /// <summary>A remote-write request, compressed.</summary>
    Samples = 1,

    /// <summary>An OTLP logs request.</summary>
    Events = 2,
}

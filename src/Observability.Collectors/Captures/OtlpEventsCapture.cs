using Microsoft.Extensions.Logging.Abstractions;

namespace Observability.Collectors;

/// <summary>OTLP spans or log records in JSON.</summary>
internal sealed class OtlpEventsCapture : ICaptureReader
{
    private static readonly HttpClient NeverCalled = new();
    private static readonly TimeSpan Ever = TimeSpan.FromDays(40_000);

    /// <inheritdoc/>
    public string Kind => "otlp-events";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension == ".json"
        && (file.Head.IndexOf("\"resourceSpans\""u8) >= 0 || file.Head.IndexOf("\"resourceLogs\""u8) >= 0);

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        // In a recording nothing is stale and nothing is ahead: its own times are the clock.
        var options = new OtlpOptions { MaxAhead = TimeSpan.FromDays(4_000) };
        var outside = new Outside(NeverCalled, new FixedClock(file.At), NullLoggerFactory.Instance);
        IOtlpDoor door = file.Head.IndexOf("\"resourceSpans\""u8) >= 0
            ? new OtlpTraceReceiver(digest, digest, options, outside)
            : new OtlpLogReceiver(digest, null, options, new TailOptions { StaleAfter = Ever, MaxAhead = TimeSpan.FromDays(4_000), FoldWindow = TimeSpan.Zero }, outside);
        var outcome = door.Receive(file.Bytes, OtlpEncoding.Json);
        digest.Lines = outcome.Accepted + outcome.Rejected;
        if (outcome.Status != 200)
            digest.SkippedBecause = outcome.Message;
        else if (outcome.Rejected > 0)
            digest.Refuse(outcome.Message, outcome.Rejected);
    }

    private sealed class FixedClock(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}

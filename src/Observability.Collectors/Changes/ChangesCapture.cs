using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Announced changes as <c>POST /api/changes</c> takes them: <c>changes/*.json</c>. One without a time happened when the file was written.</summary>
internal sealed class ChangesCapture : ICaptureReader
{
    /// <inheritdoc/>
    public string Kind => "changes";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Name.Split('/') is [.., "changes", _] && file.Extension == ".json";

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        using var http = new HttpClient();
        var inbox = new ChangesInbox(new Dated(digest, file.At), new Outside(http, new FarAhead(), NullLoggerFactory.Instance));
        var outcome = inbox.Post(file.Bytes);
        digest.Lines = outcome.Accepted;
        if (outcome.Status != 200)
            digest.Refuse(outcome.Errors);
    }

    // A recording may be of any time, so nothing in it is ahead of the clock.
    private sealed class FarAhead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.MaxValue - TimeSpan.FromDays(1);
    }

    private sealed class Dated(CaptureDigest digest, DateTimeOffset at) : IEventSink
    {
        private readonly DateTimeOffset _unstated = new FarAhead().GetUtcNow();

        public void Publish(TelemetryEvent telemetryEvent) =>
            digest.Publish(telemetryEvent.At == _unstated ? telemetryEvent with { At = at } : telemetryEvent);
    }
}

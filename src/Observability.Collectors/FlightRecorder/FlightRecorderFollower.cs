using Microsoft.Extensions.Logging;

namespace Observability.Collectors;

/// <summary>
/// Watches the folders in which ranks leave their dumps. When a folder has new dumps and nothing was written to it for a while, they
/// are analysed together, once, and the culprit ranks are published.
/// </summary>
public sealed class FlightRecorderFollower(FlightRecorderOptions options, IEventSink events, Outside outside)
{
    private const string Source = "flight_recorder";

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.FlightRecorder");
    private readonly Dictionary<string, DateTime> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);
    private DateTimeOffset? _next;

    /// <summary>Looks at every folder where that is due.</summary>
    public void RunDue(DateTimeOffset now)
    {
        if (_next is { } due && now < due)
            return;
        _next = now + options.Interval;
        foreach (var folder in options.Folders)
        {
            try
            {
                Look(folder, now);
                if (_failing.Remove(folder.Location))
                    CollectorsLog.LogReadable(_log, folder.Location);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                if (_failing.Add(folder.Location))
                    CollectorsLog.LogUnreadable(_log, folder.Location, fault.Message);
            }
        }
    }

    private void Look(LogSource folder, DateTimeOffset now)
    {
        // PyTorch makes the folder with the first dump.
        if (!Directory.Exists(folder.Location))
            return;
        var newest = new DirectoryInfo(folder.Location).EnumerateFiles().Select(file => file.LastWriteTimeUtc).DefaultIfEmpty(DateTime.MinValue).Max();
        var age = now.UtcDateTime - newest;
        if (age < options.Settle || age > options.StaleAfter || (_taken.TryGetValue(folder.Location, out var before) && newest <= before))
            return;
        var dumps = FlightRecorderFolder.Read(folder.Location, out var refused);
        CollectorsMetrics.Reads(Source, refused.Length == 0);
        if (refused.Length > 0)
        {
            CollectorsMetrics.Refused(Source, "dump", refused.Length);
            CollectorsLog.LinesRefused(_log, folder.Location, refused.Length, refused[0]);
        }

        _taken[folder.Location] = newest;
        foreach (var read in FlightRecorderEvents.Of(folder.Owner, FlightRecorderAnalysis.Analyse(dumps), new DateTimeOffset(newest, TimeSpan.Zero)))
        {
            CollectorsMetrics.Events(Source);
            events.Publish(read);
        }
    }
}

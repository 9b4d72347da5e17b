using System.IO.Enumeration;
using Microsoft.Extensions.Logging;

namespace Observability.Collectors;

/// <summary>
/// Reads files when they appear and again when they change, once they have stayed the same between two looks: who writes them is not
/// asked. What lay there long before this process started is known already and is no news.
/// </summary>
internal sealed class CaptureFiles(CaptureSource source, (ISampleSink Samples, IEventSink Events, ITopologySink? Topology) sinks, Outside outside)
{
    private const string Job = "capture";
    private const int FileLimit = 10_000;

    private static readonly TimeSpan News = TimeSpan.FromMinutes(15);

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.CaptureFiles");
    private readonly string _root = RootOf(source.Files);
    private Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private DateTimeOffset? _next;

    /// <summary>Looks where that is due.</summary>
    public void RunDue(DateTimeOffset now)
    {
        if (now < _next)
            return;
        var first = _next is null;
        _next = now + source.Interval;
        var seen = new Dictionary<string, Seen>(StringComparer.Ordinal);
        foreach (var file in Found())
        {
            var state = (file.Length, file.LastWriteTimeUtc);
            var before = _seen.GetValueOrDefault(file.FullName);
            var old = first && now - file.LastWriteTimeUtc > News;
            var read = old || (before is not null && before.IsRead && before.State == state);
            if (!read && before?.State == state)
            {
                Read(file);
                read = true;
            }

            seen[file.FullName] = new Seen(state, read);
        }

        _seen = seen;
    }

    private void Read(FileInfo file)
    {
        try
        {
            if (file.Length > source.LimitBytes)
            {
                Refuse($"{file.FullName}: {file.Length} bytes are more than the limit of {source.LimitBytes}");
                return;
            }

            var name = Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            var capture = new CaptureFile(name, File.ReadAllBytes(file.FullName), new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), CaptureReading.LabelsOf(source));
            var (items, report) = CaptureReading.Of(capture);
            if (report.Skipped.Length > 0)
                Refuse(report.Skipped);
            if (report.Refused > 0)
                CollectorsMetrics.Refused(Job, "document", report.Refused);
            foreach (var item in items)
                HandOn(item);
            CollectorsMetrics.Reads(Job, report.Skipped.Length == 0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Refuse($"{file.FullName}: {fault.Message}");
            CollectorsMetrics.Reads(Job, ok: false);
        }
    }

    private void HandOn(RecordedItem item)
    {
        if (item.Samples is { } batch)
        {
            CollectorsMetrics.Samples(Job, batch.Samples.Count);
            sinks.Samples.Append(batch);
        }

        if (item.Event is { } found)
        {
            CollectorsMetrics.Events(Job);
            sinks.Events.Publish(found);
        }

        if (item.Topology is { } shape)
            sinks.Topology?.Apply(shape);
    }

    private void Refuse(string why)
    {
        CollectorsMetrics.Refused(Job, "file");
        CollectorsLog.CommandFailed(_log, source.Files, why);
    }

    private IEnumerable<FileInfo> Found()
    {
        if (!Directory.Exists(_root))
            return [];
        try
        {
            return [.. new DirectoryInfo(_root)
                .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 8 })
                .Where(file => FileSystemName.MatchesSimpleExpression(source.Files, file.FullName, ignoreCase: false))
                .Take(FileLimit)];
        }
        catch (IOException fault)
        {
            Refuse(fault.Message);
            return [];
        }
    }

    // The folder before the first wildcard.
    private static string RootOf(string pattern)
    {
        var wild = pattern.AsSpan().IndexOfAny('*', '?');
        return Path.GetDirectoryName(wild < 0 ? pattern : pattern[..wild] + "x") is { Length: > 0 } folder ? folder : "/";
    }

    private sealed record Seen((long Length, DateTime Written) State, bool IsRead);
}

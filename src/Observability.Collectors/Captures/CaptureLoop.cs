using System.Text;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads live what <c>replay</c> reads from a recording: the output of a node's own tools (<c>dcgmi health -c -j</c>, <c>ethtool -S</c>,
/// <c>ibqueryerrors</c>, <c>ncclras</c>) and files that jobs leave (torchelastic's <c>error.json</c>), each by the reader that knows its kind.
/// </summary>
public sealed class CaptureLoop
{
    private const string Job = "capture";

    private readonly IReadOnlyList<PolledSource> _commands;
    private readonly IReadOnlyList<CaptureFiles> _files;

    /// <summary>A loop over sources; <paramref name="topology"/> is null where a file tells the fleet's shape.</summary>
    public CaptureLoop(IReadOnlyList<CaptureSource> sources, ISampleSink samples, IEventSink events, ITopologySink? topology, Outside outside)
    {
        _commands = [.. sources.Where(source => source.Command.Count > 0).Select(source => new PolledSource(
            new PolledOptions(Job, source.Name, source.Node, source.Interval, source.RepeatAfter),
            stop => CommandRun.RunAsync(source.Command[0], [.. source.Command.Skip(1)], (source.Timeout, source.LimitBytes), outside.Time, stop),
            (text, now) => Read(source, text, now), (samples, events, topology), outside))];
        _files = [.. sources.Where(source => source.Command.Count == 0).Select(source => new CaptureFiles(source, (samples, events, topology), outside))];
    }

    /// <summary>Takes up what has ended, starts what is due and reads what has appeared.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var command in _commands)
            await command.RunDueAsync(now, cancellationToken);
        foreach (var files in _files)
            files.RunDue(now);
    }

    private static PolledReading Read(CaptureSource source, string text, DateTimeOffset now)
    {
        var (items, report) = CaptureReading.Of(new CaptureFile(source.Name, Encoding.UTF8.GetBytes(text), now, CaptureReading.LabelsOf(source)));
        return new PolledReading
        {
            Fault = report.Skipped,
            Samples = [.. items.SelectMany(item => item.Samples?.Samples ?? [])],
            Events = [.. items.Select(item => item.Event).OfType<TelemetryEvent>()],
            Shape = items.Select(item => item.Topology).OfType<TopologyChange>().LastOrDefault(),
            Refused = (int)Math.Min(report.Refused, int.MaxValue),
        };
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Observability.Alerting;
using Observability.Collectors;
using Observability.Content;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Feeds recorded telemetry through the whole pipeline on a clock that jumps from second to second as fast as the work is done.
/// The platform observes only: it writes down what it would have done.
/// </summary>
public static class ReplayRun
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // What is true of a simulated run lies beside its telemetry; whoever replays it does not look.
    private static readonly string[] Truth = ["truth/", "truth.json", "truth.json.gz"];

    /// <summary>Reads the folder and replays it. Throws <see cref="DirectoryNotFoundException"/> where there is none.</summary>
    public static Task<ReplayReport> RunAsync(ReplayOptions options, ContentSet content, CancellationToken cancellationToken) =>
        RunAsync(options, content, () => PlatformSeams.None, cancellationToken);

    /// <summary>The same, each stretch on a platform with seams of its own.</summary>
    internal static async Task<ReplayReport> RunAsync(ReplayOptions options, ContentSet content, Func<PlatformSeams> seams, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Directory.Exists(options.Folder))
            throw new DirectoryNotFoundException($"{options.Folder}: is not a folder");
        var reading = RecordedTelemetry.Read(options.Folder, new RecordedOptions { TargetLabels = options.Labels, Closed = Truth });
        var shapes = reading.Items.Where(item => item.Topology is not null).Select(item => item.Topology!).ToArray();
        var stretches = new List<ReplayStretch>();
        var catalogue = new FaultCatalogue(content.Faults);
        foreach (var items in Stretches([.. reading.Items.Where(item => item.Topology is null)], options.Gap))
            stretches.Add(IsSilent(items, catalogue) ? Silent(items) : await PlayAsync(items, shapes, (options, content, seams()), cancellationToken));
        return new ReplayReport { Files = reading.Files, Corrected = reading.Corrected, Stretches = stretches };
    }

    /// <summary>Cuts items, sorted by time, wherever nothing happens for longer than <paramref name="gap"/>.</summary>
    internal static IEnumerable<IReadOnlyList<RecordedItem>> Stretches(IReadOnlyList<RecordedItem> items, TimeSpan gap)
    {
        var begin = 0;
        for (var i = 1; i <= items.Count; i++)
        {
            if (i < items.Count && items[i].At - items[i - 1].At <= gap)
                continue;
            yield return [.. items.Skip(begin).Take(i - begin)];
            begin = i;
        }
    }

    // Kernel logs go back to the boot of each node, days before anything else was recorded. Without a sample, and without an event of which the
    // catalogue says anything, no rule, detector or event can raise an alert; a platform for each such boot would be most of the work.
    private static bool IsSilent(IReadOnlyList<RecordedItem> items, FaultCatalogue catalogue) =>
        items.All(item => item.Samples is null && (item.Event is null || catalogue.Find(item.Event.Code).IsEmpty));

    private static ReplayStretch Silent(IReadOnlyList<RecordedItem> items) => new(items[0].At, items[^1].At) { Events = items.Count(item => item.Event is not null) };

    private static async Task<ReplayStretch> PlayAsync(
        IReadOnlyList<RecordedItem> items, TopologyChange[] shapes, (ReplayOptions Options, ContentSet Content, PlatformSeams Seams) how, CancellationToken cancellationToken)
    {
        var stretch = new ReplayStretch(items[0].At, items[^1].At);
        if (stretch.To - stretch.From > how.Options.LongestStretch)
            return stretch with { Refusal = $"it lasts {(stretch.To - stretch.From).TotalDays:0} days, more than {how.Options.LongestStretch.TotalDays:0}; cut the recording or lower --gap" };
        var clock = new SteppedTimeProvider(Whole(stretch.From));
        var configuration = new ObservabilityOptions { Server = { State = "" } };
        var content = RulesFor(items, how.Content);
        var knows = !how.Seams.Without.HasFlag(PlatformParts.Topology);
        await using var platform = await Platform.OpenAsync(configuration, content, (clock, NullLoggerFactory.Instance, how.Seams), cancellationToken);
        await platform.StartAsync(cancellationToken);
        foreach (var shape in shapes)
            platform.Intake.Topology.Apply(shape with { At = stretch.From, Edges = knows ? shape.Edges : [] });
        // Labels tell of entities only where no file does.
        var intake = shapes.Length == 0 && knows ? platform.Intake.Learning() : platform.Intake;
        var fed = 0;
        for (var now = Whole(stretch.From); now <= stretch.To + how.Options.Tail + how.Options.Settle; now += Tick)
        {
            clock.MoveTo(now);
            for (; fed < items.Count && items[fed].At <= now; fed++)
                Feed(items[fed], intake);
            if (now <= stretch.To + how.Options.Tail)
                await platform.StepAsync(now, cancellationToken);
            else
                await platform.PumpAsync(now, cancellationToken);
        }

        return Result(stretch, items, platform.Snapshots.Current);
    }

    // The platform's own rules watch what collects. Where a stretch does not tell how its scrapes went, nobody can.
    private static ContentSet RulesFor(IReadOnlyList<RecordedItem> items, ContentSet content) =>
        items.Any(item => item.Samples is { } batch && batch.Samples.Any(sample => sample.Labels[LabelSet.MetricNameLabel] == "up"))
            ? content
            : content with { RuleGroups = [.. content.RuleGroups.Where(group => !group.Source.File.Contains("/platform/", StringComparison.Ordinal))] };

    private static void Feed(RecordedItem item, Intake intake)
    {
        if (item.Samples is { } batch)
            intake.Samples.Append(batch);
        if (item.Event is { } one)
            intake.Events.Publish(one);
    }

    private static ReplayStretch Result(ReplayStretch stretch, IReadOnlyList<RecordedItem> items, PlatformSnapshot snapshot) => stretch with
    {
        Samples = items.Sum(item => item.Samples?.Samples.Count ?? 0),
        Events = items.Count(item => item.Event is not null),
        Alerts = snapshot.Noise.AlertsIn,
        Incidents = [.. snapshot.Incidents.Values.Select(view => view.Incident)
            .Where(incident => incident.State != IncidentState.Merged).OrderBy(incident => incident.Id, StringComparer.Ordinal)],
        Executions = [.. snapshot.Executions.Values.OrderBy(execution => execution.Id, StringComparer.Ordinal)],
    };

    private static DateTimeOffset Whole(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

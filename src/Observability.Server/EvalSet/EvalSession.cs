using Microsoft.Extensions.Logging.Abstractions;
using Observability.Content;
using Observability.Model;
using Observability.Simulator;

namespace Observability.Server;

/// <summary>
/// One fleet with the platform's real collectors, rules and detectors around it, through episode after episode. The platform only observes.
/// What its deduplication lets through is what an episode consists of: the input of noise reduction, correlation and ranking.
/// </summary>
internal sealed class EvalSession : IJournalReader
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // A rule asks what was five minutes ago.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(330);

    // Symptoms of what is over, and the start of a job after it, still belong to the episode; the next one begins when all is quiet, and every job
    // has been at work for that long.
    private static readonly TimeSpan After = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(65);
    private static readonly TimeSpan LongestReturn = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private const int Tries = 12;

    // What is rolled out is at work after a restart.
    private static readonly TimeSpan RollOut = TimeSpan.FromSeconds(40);

    private readonly List<AlertTransition> _alerts = [];
    private readonly List<TopologyChange> _moves = [];
    private readonly HashSet<EntityId> _used = [];
    private readonly Random _random;
    private readonly Fleet _fleet;
    private readonly SteppedTimeProvider _clock = new(Start);

    private EvalSession(FleetOptions options)
    {
        _fleet = new Fleet(options, Start);
        _random = new Random(options.Seed);
    }

    /// <summary>Plays the episodes of a session; each result is one line of the set.</summary>
    public static async Task<IReadOnlyList<string>> PlayAsync(
        string name, FleetOptions fleet, (IReadOnlyList<EvalEpisode> Episodes, ContentSet Content) what, CancellationToken cancellationToken)
    {
        var session = new EvalSession(fleet);
        var options = new ObservabilityOptions
        {
            Server = new ServerOptions { State = "" },
            Collect = new CollectOptions
            {
                TargetUrls = [$"http://{FleetTransport.Authority}/targets"],
                LogsUrl = $"http://{FleetTransport.Authority}/logs",
                Topology = $"http://{FleetTransport.Authority}/topology",
            },
            Response = new ResponseOptionsSection { Hardware = Strategy.Observe, Otherwise = Strategy.Observe },
        };
        var seams = new PlatformSeams(new FleetTransport(session._fleet), [session]);
        await using var platform = await Platform.OpenAsync(options, what.Content, (session._clock, NullLoggerFactory.Instance, seams), cancellationToken);
        await platform.StartAsync(cancellationToken);
        using var doors = new HttpClient(new DoorTransport(platform));
        var pusher = new TelemetryPusher(session._fleet, doors, "http://platform.test", onlyProtobuf: true);
        var lines = new List<string>();
        await session.PassAsync(WarmUp, platform, pusher, cancellationToken);
        foreach (var (number, episode) in what.Episodes.Index())
            lines.Add(await session.EpisodeAsync($"{name}-{number:00}", episode, (platform, pusher), cancellationToken));
        return lines;
    }

    /// <inheritdoc/>
    public void Read(JournalRecord record, bool isReplay)
    {
        if (record.Entry is AlertChanged changed)
            _alerts.Add(changed.Transition);
        else if (record.Entry is TopologyChanged moved)
            _moves.Add(moved.Change);
    }

    private async Task<string> EpisodeAsync(string id, EvalEpisode episode, (Platform Platform, TelemetryPusher Pusher) running, CancellationToken cancellationToken)
    {
        var from = _fleet.Now;
        var (faults, negatives) = (_fleet.Truth.Count, _fleet.Negatives.Count);
        var job = episode.SharesJob ? _random.Next(_fleet.Options.Jobs.Count) : (int?)null;
        foreach (var (number, (kind, after)) in episode.Faults.Concat(episode.Negatives).Index())
            _fleet.Inject(new FaultSpec($"{id}-{number}", kind.Name, Place(kind, job), from + Second + after, LastsOf(kind, episode)));
        var shape = _fleet.Topology();
        _moves.Clear();
        await PassAsync(episode.LastOnset + episode.Faults.Select(one => LastsOf(one.Kind, episode)).Append(episode.Lasts).Max() + After, running.Platform, running.Pusher, cancellationToken);
        var line = EvalLine.Of(
            (id, _fleet.Options, from, _fleet.Now),
            ([.. _fleet.Truth.Skip(faults)], [.. _fleet.Negatives.Skip(negatives)]),
            OfThisEpisode(),
            (shape, _moves));
        _alerts.Clear();
        for (var until = _fleet.Now + LongestReturn; !_fleet.IsAtWork && _fleet.Now < until;)
            await PassAsync(Second, running.Platform, running.Pusher, cancellationToken);
        await PassAsync(Quiet, running.Platform, running.Pusher, cancellationToken);
        _alerts.Clear();
        return line;
    }

    // What fired before and ends only now belongs to an earlier one.
    private AlertTransition[] OfThisEpisode()
    {
        var fired = _alerts.Where(one => one.Kind == AlertTransitionKind.Fired).Select(one => one.Alert.Fingerprint).ToHashSet();
        return [.. _alerts.Where(one => fired.Contains(one.Alert.Fingerprint))];
    }

    // Alerts of the kernel log last for hours: a device that had its fault would not speak again.
    private EntityId Place(FaultKind kind, int? job)
    {
        var place = _fleet.PlaceFor(kind, _random, job);
        for (var tries = 0; tries < Tries && _used.Contains(place); tries++)
            place = _fleet.PlaceFor(kind, _random, job);
        _used.Add(place);
        return place;
    }

    private static TimeSpan LastsOf(FaultKind kind, EvalEpisode episode) => kind.Name switch
    {
        FaultKinds.ExporterRestart => TimeSpan.FromSeconds(18),
        FaultKinds.LongCheckpoint => TimeSpan.FromSeconds(45),
        FaultKinds.BadDeploy or FaultKinds.BadDriver => episode.Lasts + RollOut,
        _ => episode.Lasts,
    };

    private async Task PassAsync(TimeSpan time, Platform platform, TelemetryPusher pusher, CancellationToken cancellationToken)
    {
        for (var end = _fleet.Now + time; _fleet.Now < end;)
        {
            var now = _fleet.Now + Second;
            _clock.MoveTo(now);
            _fleet.Advance(now);
            await pusher.PushDueAsync(now, cancellationToken);
            await platform.StepAsync(now, cancellationToken);
        }
    }
}

using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Hears when a symptom is a job's and not a device's. Where one part of a job stops, all its GPUs wait, and a rule for GPUs that do
/// little fires on each of them: what most nodes of a job say at once tells nothing of any single one. From then on such an alert has a
/// job and no node. Only measured symptoms count: an event or a cause speaks for its device, and links are told apart by their switch.
/// </summary>
internal sealed class Chorus(IncidentsOptions options, TopologyView topology)
{
    private const int MaximumVoices = 20_000;

    private readonly Dictionary<(EntityId Job, string Name), Voice> _voices = [];
    private readonly Dictionary<EntityId, int> _sizes = [];
    private Topology? _sizesOf;

    /// <summary>Takes an alert in; the jobs whose chorus begins with it.</summary>
    public IReadOnlyList<EntityId> Hear(JoinedAlert joined, DateTimeOffset now)
    {
        if (!MaySing(joined))
            return [];
        List<EntityId>? began = null;
        foreach (var job in joined.Place.Jobs)
        {
            if (Hear((job, joined.Alert.Name), joined.Place.Node!.Value, now))
                (began ??= []).Add(job);
        }

        return began ?? [];
    }

    /// <summary>The alert where it belongs: with its job alone if most of the job says the same.</summary>
    public JoinedAlert Placed(JoinedAlert joined) => IsSung(joined) ? joined with { Place = joined.Place.OfJobAlone() } : joined;

    /// <summary>True where most nodes of one of the alert's jobs say the same.</summary>
    public bool IsSung(JoinedAlert joined) => joined.Place.IsOfJobAlone
        || (MaySing(joined) && joined.Place.Jobs.Any(job => _voices.TryGetValue((job, joined.Alert.Name), out var voice) && voice.Sounds));

    private static bool MaySing(JoinedAlert joined) =>
        !joined.IsShadow && joined.Place is { IsDevice: true, IsCause: false, IsLink: false, Jobs.Count: > 0 } && joined.Alert.Origin is AlertOrigin.Rule or AlertOrigin.Detector;

    private bool Hear((EntityId Job, string Name) key, EntityId node, DateTimeOffset now)
    {
        if (!_voices.TryGetValue(key, out var voice))
        {
            if (_voices.Count >= MaximumVoices)
                Forget(now);
            _voices[key] = voice = new Voice();
        }

        if (voice.Sounds && now - voice.LastHeard > options.JoinWindow)
            voice.Sounds = false;
        voice.LastHeard = now;
        voice.Nodes[node] = now;
        if (voice.Sounds || voice.Nodes.Count < Needed(key.Job))
            return false;
        foreach (var (quiet, at) in voice.Nodes)
        {
            if (now - at > options.CauseWindow)
                voice.Nodes.Remove(quiet);
        }

        return voice.Sounds = voice.Nodes.Count >= Needed(key.Job);
    }

    private double Needed(EntityId job) => Math.Max(options.ChorusNodes, options.ChorusShare * SizeOf(job));

    // What was heard last stays; where all of it is fresh, the oldest half goes.
    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, voice) in _voices)
        {
            if (now - voice.LastHeard > options.JoinWindow)
                _voices.Remove(key);
        }

        if (_voices.Count < MaximumVoices)
            return;
        foreach (var key in _voices.OrderBy(pair => pair.Value.LastHeard).ThenBy(pair => pair.Key).Take(MaximumVoices / 2).Select(pair => pair.Key).ToArray())
            _voices.Remove(key);
    }

    private int SizeOf(EntityId job)
    {
        var graph = topology.Current;
        if (!ReferenceEquals(_sizesOf, graph))
        {
            _sizes.Clear();
            _sizesOf = graph;
        }

        if (!_sizes.TryGetValue(job, out var size))
            _sizes[job] = size = graph.In(job, EdgeKind.MemberOf).Select(graph.NodeOf).OfType<EntityId>().Distinct().Count();
        return size;
    }

    private sealed class Voice
    {
        public Dictionary<EntityId, DateTimeOffset> Nodes { get; } = [];

        public DateTimeOffset LastHeard { get; set; }

        public bool Sounds { get; set; }
    }
}

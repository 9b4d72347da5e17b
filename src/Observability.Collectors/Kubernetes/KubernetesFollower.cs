using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Follows nodes, pods and jobs of a cluster: what they are becomes topology, what they say of themselves series, what changes events. A cluster
/// that cannot be read changes nothing: unknown is not gone.
/// </summary>
/// <param name="connection">The way to the cluster; null for none.</param>
/// <param name="options">What is read, and how often.</param>
/// <param name="sinks">Where it goes.</param>
/// <param name="outside">The log.</param>
public sealed class KubernetesFollower(
    KubernetesConnection? connection, KubernetesOptions options, (ISampleSink Samples, IEventSink Events, ITopologySink Topology) sinks, Outside outside)
{
    private const string Source = "kubernetes";

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Kubernetes");
    private readonly Watched? _watched = connection is null ? null : new Watched(connection, options);
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);
    private TopologyChange _shape = new(DateTimeOffset.UnixEpoch, Source, [], []);
    private Dictionary<string, KubernetesNode>? _knownNodes;
    private Dictionary<string, KubernetesPod>? _knownPods;
    private Dictionary<string, GangJob> _knownJobs = [];
    private DateTimeOffset? _next;

    /// <summary>
    /// Goes on where the last run stopped, so that jobs and pods that ended meanwhile end. Returns what is not of here. Call it before the first look.
    /// </summary>
    public TopologyChange Resume(TopologyChange known)
    {
        if (_watched is null)
            return known;
        (_shape, var rest) = Learned.Part(known, Source);
        return rest;
    }

    /// <summary>Looks where that is due.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_watched is null || (_next is { } due && now < due))
            return;
        _next = now + options.Interval;
        // Each watch is held by the server for a second: side by side they cost one.
        var (nodes, pods) = (_watched.Nodes.CatchUpAsync(now, cancellationToken), _watched.Pods.CatchUpAsync(now, cancellationToken));
        var jobs = options.Jobs ? _watched.Jobs.CatchUpAsync(now, cancellationToken) : Task.FromResult<IReadOnlyList<(string Path, string Fault)>>([]);
        var fault = (await nodes).Fault is { Length: > 0 } first ? first : (await pods).Fault;
        await pods;
        Note([("", fault), .. await jobs]);
        CollectorsMetrics.Reads(Source, fault.Length == 0);
        if (fault.Length == 0)
            Tell(now);
    }

    // What fails is told once, until it works again.
    private void Note(IReadOnlyList<(string Path, string Fault)> results)
    {
        var failing = results.Where(result => result.Fault.Length > 0).ToList();
        foreach (var (path, fault) in failing)
        {
            if (_failing.Add(path))
                CollectorsLog.DiscoveryFailed(_log, path.Length > 0 ? $"{Source} {path}" : Source, fault);
        }

        _failing.RemoveWhere(path => !failing.Exists(result => result.Path == path));
    }

    private void Tell(DateTimeOffset now)
    {
        var (nodes, pods) = (_watched!.Nodes.Objects, _watched.Pods.Objects);
        var jobs = GangJob.Of(_watched.Jobs.Objects, pods.Values);
        var shape = Learned.Mark(KubernetesTopology.Of(nodes.Values, pods.Values, jobs, options.Tiers, now));
        if (TopologyDiff.Between(_shape, shape) is { } change)
            sinks.Topology.Apply(change);
        _shape = shape;
        // A job that is over is told once more: its last word is its state.
        var told = jobs.Where(job => !job.Job.IsOver || _knownJobs.GetValueOrDefault(job.Key) is { Job.IsOver: false });
        var samples = KubernetesSignals.Samples(nodes.Values, now).Concat(KubernetesJobSignals.Samples(told, now)).ToList();
        CollectorsMetrics.Samples(Source, samples.Count);
        if (samples.Count > 0)
            sinks.Samples.Append(new SampleBatch(Source, now, samples));
        Publish(Changes(jobs, now));
        (_knownNodes, _knownPods) = (new(nodes, StringComparer.Ordinal), new(pods, StringComparer.Ordinal));
        _knownJobs = jobs.ToDictionary(job => job.Key, StringComparer.Ordinal);
    }

    private IEnumerable<TelemetryEvent> Changes(List<GangJob> jobs, DateTimeOffset now)
    {
        foreach (var (key, node) in _watched!.Nodes.Objects)
        {
            if (_knownNodes?.GetValueOrDefault(key) is not { } before || ReferenceEquals(before, node))
                continue;
            foreach (var one in KubernetesSignals.Changes(before, node, now))
                yield return one;
        }

        foreach (var (key, pod) in _watched.Pods.Objects)
        {
            if (_knownPods is not null && KubernetesSignals.Failure(_knownPods.GetValueOrDefault(key), pod, now) is { } failure)
                yield return failure;
        }

        foreach (var one in jobs.SelectMany(job => KubernetesJobSignals.Changes(_knownJobs.GetValueOrDefault(job.Key), job, now)))
            yield return one;
    }

    private void Publish(IEnumerable<TelemetryEvent> read)
    {
        foreach (var one in read)
        {
            CollectorsMetrics.Events(Source);
            sinks.Events.Publish(one);
        }
    }

    private sealed class Watched(KubernetesConnection connection, KubernetesOptions options)
    {
        public KubernetesResource<KubernetesNode> Nodes { get; } = new("/api/v1/nodes", KubernetesReader.NodeOf, options, connection);

        public KubernetesResource<KubernetesPod> Pods { get; } = new("/api/v1/pods", KubernetesReader.PodOf, options, connection);

        public KubernetesJobs Jobs { get; } = new(options, connection);
    }
}

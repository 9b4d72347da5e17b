using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Follows nodes and pods of a cluster: what they are becomes topology, what they say of themselves series, what changes events. A cluster
/// that cannot be read changes nothing: unknown is not gone.
/// </summary>
public sealed class KubernetesFollower(KubernetesOptions options, (ISampleSink Samples, IEventSink Events, ITopologySink Topology) sinks, Outside outside)
{
    private const string Source = "kubernetes";

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Kubernetes");
    private readonly KubernetesResource<KubernetesNode> _nodes = new("/api/v1/nodes", KubernetesReader.NodeOf, options, outside.Http);
    private readonly KubernetesResource<KubernetesPod> _pods = new("/api/v1/pods", KubernetesReader.PodOf, options, outside.Http);
    private TopologyChange _shape = new(DateTimeOffset.UnixEpoch, Source, [], []);
    private Dictionary<string, KubernetesNode>? _knownNodes;
    private Dictionary<string, KubernetesPod>? _knownPods;
    private bool _failing;
    private DateTimeOffset? _next;

    /// <summary>Looks where that is due.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (options.Url is null || (_next is { } due && now < due))
            return;
        _next = now + options.Interval;
        var fault = await _nodes.CatchUpAsync(now, cancellationToken);
        if (fault.Length == 0)
            fault = await _pods.CatchUpAsync(now, cancellationToken);
        CollectorsMetrics.Reads(Source, fault.Length == 0);
        if (fault.Length > 0)
        {
            if (!_failing)
                CollectorsLog.DiscoveryFailed(_log, Source, fault);
            _failing = true;
            return;
        }

        _failing = false;
        Tell(now);
    }

    private void Tell(DateTimeOffset now)
    {
        var shape = KubernetesTopology.Of(_nodes.Objects.Values, _pods.Objects.Values, options.Tiers, now);
        if (TopologyDiff.Between(_shape, shape) is { } change)
            sinks.Topology.Apply(change);
        _shape = shape;
        var samples = KubernetesSignals.Samples(_nodes.Objects.Values, now).ToList();
        CollectorsMetrics.Samples(Source, samples.Count);
        if (samples.Count > 0)
            sinks.Samples.Append(new SampleBatch(Source, now, samples));
        foreach (var (key, node) in _nodes.Objects)
        {
            if (_knownNodes?.GetValueOrDefault(key) is { } before && !ReferenceEquals(before, node))
                Publish(KubernetesSignals.Changes(before, node, now));
        }

        foreach (var (key, pod) in _pods.Objects)
        {
            if (_knownPods is not null && KubernetesSignals.Failure(_knownPods.GetValueOrDefault(key), pod, now) is { } failure)
                Publish([failure]);
        }

        (_knownNodes, _knownPods) = (new(_nodes.Objects, StringComparer.Ordinal), new(_pods.Objects, StringComparer.Ordinal));
    }

    private void Publish(IEnumerable<TelemetryEvent> read)
    {
        foreach (var one in read)
        {
            CollectorsMetrics.Events(Source);
            sinks.Events.Publish(one);
        }
    }
}

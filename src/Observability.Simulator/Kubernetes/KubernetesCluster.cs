using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>
/// The state behind the Kubernetes API and its control plane, thread-safe. Before and after every request it takes over the fleet's state, so
/// it calls <see cref="IClusterWorkloads"/> while it holds its own lock: the fleet must not call back into the cluster under a lock of its own.
/// </summary>
public sealed class KubernetesCluster
{
    private readonly Lock _gate = new();
    private readonly ClusterState _state;
    private readonly WorkloadProjection _projection;
    private readonly DisruptionBudgets _budgets;
    private readonly Evictions _evictions;
    private readonly ResourceReads _reads;
    private readonly ResourceWrites _writes;

    public KubernetesCluster(IClusterWorkloads workloads, KubernetesOptions options)
    {
        _state = new ClusterState(workloads, options);
        var events = new ClusterEvents(_state);
        var termination = new PodTermination(_state, events);
        var nodeControl = new NodeControl(_state, events, termination);
        _projection = new WorkloadProjection(_state, events, nodeControl);
        _budgets = new DisruptionBudgets(_state, _projection.Owners);
        _evictions = new Evictions(_state, _budgets, termination);
        _reads = new ResourceReads(_state);
        _writes = new ResourceWrites(_state, events, nodeControl);
    }

    /// <summary>Cordons and releases made through the API, oldest first.</summary>
    public IReadOnlyList<CordonChange> Cordons
    {
        get
        {
            lock (_gate)
                return _state.Cordons;
        }
    }

    /// <summary>
    /// Told of each write that succeeded, before its sender gets the answer and under the cluster's lock: who keeps them can repeat
    /// them. A throw makes the write fail for its sender.
    /// </summary>
    public Action<KubernetesWrite>? Written { get; set; }

    /// <summary>Takes over the fleet's state, so that watches see it without waiting for a request.</summary>
    public void Advance(DateTimeOffset now)
    {
        lock (_gate)
            Settle(now);
    }

    /// <summary>Does once more what <see cref="Written"/> told of; it is not told again.</summary>
    /// <exception cref="ArgumentException">The API does not take it: it was written to another cluster, or at another time.</exception>
    public void Repeat(KubernetesWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var path = ResourcePath.Parse(write.Path) ?? throw new ArgumentException($"{write.Path}: the API serves nothing there", nameof(write));
        var request = new ApiRequest
        {
            Method = write.Method,
            Path = path,
            RawPath = write.Path,
            Query = write.Query,
            Body = write.Body.Length == 0 ? null : JsonNode.Parse(write.Body),
            ContentType = write.ContentType,
            UserAgent = write.UserAgent,
            Now = write.At,
        };
        lock (_gate)
        {
            var result = Answer(request);
            if (result.Code >= 300)
                throw new ArgumentException($"{write.Method} {write.Path} at {write.At:O}: answered {result.Code} {result.Body["message"]}", nameof(write));
        }
    }

    /// <summary>Answers one request other than a watch.</summary>
    internal ApiResult Execute(ApiRequest request)
    {
        lock (_gate)
        {
            // Taken before the answer: a body that is stored belongs to the store and changes there.
            var write = Written is null || request.Method == "GET" || request.DryRun ? null : new KubernetesWrite(
                request.Now, request.Method, request.RawPath, request.Query, request.ContentType, request.Body?.ToJsonString() ?? "", request.UserAgent);
            var result = Answer(request);
            if (write is not null && result.Code < 300)
                Written?.Invoke(write);
            return result;
        }
    }

    /// <summary>Objects a watch starts with, when it asks for them.</summary>
    internal WatchBatch Snapshot(ResourceFilter filter, DateTimeOffset now)
    {
        lock (_gate)
        {
            Settle(now);
            return new WatchBatch(_state.Store.Version, [.. _reads.Matching(filter).Select(value => new WatchEvent("ADDED", value))], null, _state.Store.Changed);
        }
    }

    /// <summary>What happened after a version to the objects a watch is about.</summary>
    internal WatchBatch Read(ResourceFilter filter, long after, DateTimeOffset now)
    {
        lock (_gate)
        {
            Settle(now);
            if (after > _state.Store.Version)
                return new WatchBatch(after, [], ApiStatus.Failure(504, "Timeout", $"Too large resource version: {after}, current: {_state.Store.Version}"), _state.Store.Changed);
            var changes = _state.Store.Since(filter.Kind, after);
            if (changes is null)
                return new WatchBatch(after, [], ApiStatus.Expired(after, _state.Store.Compacted(filter.Kind)), _state.Store.Changed);
            return new WatchBatch(_state.Store.Version, [.. changes.Select(change => WatchEvent.Of(filter, change)).OfType<WatchEvent>()], null, _state.Store.Changed);
        }
    }

    private ApiResult Answer(ApiRequest request)
    {
        Settle(request.Now);
        var result = Dispatch(request);
        if (request.Method != "GET")
            Settle(request.Now);
        return result;
    }

    private void Settle(DateTimeOffset now)
    {
        _projection.Reconcile(now);
        _budgets.Settle(now);
    }

    private ApiResult Dispatch(ApiRequest request)
    {
        var (path, kind) = (request.Path, request.Kind);
        var one = path.Name.Length > 0;
        if (path.Subresource == "eviction")
            return request.Method == "POST" ? _evictions.Evict(request) : ApiStatus.MethodNotAllowed(request.Method);
        return request.Method switch
        {
            "GET" => one ? _reads.Get(request) : _reads.List(request),
            "POST" when !one && kind.Allows("create") && (!kind.Namespaced || path.Namespace.Length > 0) => _writes.Create(request),
            "PUT" when one && kind.Allows("update") => _writes.Update(request),
            "PATCH" when one && kind.Allows("patch") => _writes.Patch(request),
            "DELETE" when one && path.Subresource.Length == 0 && kind == ResourceKinds.Pods => _evictions.Delete(request),
            "DELETE" when one && path.Subresource.Length == 0 && kind.Allows("delete") => _writes.Delete(request),
            _ => ApiStatus.MethodNotAllowed(request.Method),
        };
    }
}

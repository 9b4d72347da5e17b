namespace Observability.Simulator.Tests;

/// <summary>A fleet of a few nodes whose pods leave when evicted, unless told to linger.</summary>
internal sealed class FakeWorkloads : IClusterWorkloads
{
    private readonly Lock _gate = new();
    private readonly List<SimulatedNode> _nodes = [];
    private readonly List<SimulatedPod> _pods = [];
    private readonly List<string> _calls = [];

    public bool Linger { get; set; }

    public IReadOnlyList<SimulatedNode> Nodes
    {
        get
        {
            lock (_gate)
                return [.. _nodes];
        }
    }

    public IReadOnlyList<SimulatedPod> Pods
    {
        get
        {
            lock (_gate)
                return [.. _pods];
        }
    }

    /// <summary>What the cluster asked of the fleet, in order.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>Two nodes; job llama with a trainer pod on each; a DaemonSet pod on each.</summary>
    public static FakeWorkloads TwoNodes()
    {
        var fleet = new FakeWorkloads();
        foreach (var n in (int[])[0, 1])
        {
            fleet.Node($"node-00{n}", ready: true);
            fleet.Pod(new SimulatedPod("team-a", $"trainer-{n}", $"uid-trainer-{n}", $"node-00{n}", "llama", App("trainer"), "Job", "llama", true));
            fleet.Pod(new SimulatedPod("monitoring", $"dcgm-{n}", $"uid-dcgm-{n}", $"node-00{n}", "", App("dcgm"), "DaemonSet", "dcgm", true));
        }

        return fleet;
    }

    public static Dictionary<string, string> App(string app) => new() { ["app"] = app };

    public void Node(string name, bool ready)
    {
        lock (_gate)
        {
            _nodes.RemoveAll(node => node.Name == name);
            _nodes.Add(new SimulatedNode(name, new Dictionary<string, string> { ["topology.kubernetes.io/rack"] = "rack-00" }, ready));
        }
    }

    public void Pod(SimulatedPod pod)
    {
        lock (_gate)
        {
            _pods.RemoveAll(old => old.Namespace == pod.Namespace && old.Name == pod.Name);
            _pods.Add(pod);
        }
    }

    public void Remove(string name)
    {
        lock (_gate)
            _pods.RemoveAll(pod => pod.Name == name);
    }

    public void Evict(string ns, string pod, DateTimeOffset now)
    {
        lock (_gate)
        {
            _calls.Add($"evict {ns}/{pod}");
            if (!Linger)
                _pods.RemoveAll(old => old.Namespace == ns && old.Name == pod);
        }
    }

    public void SetSchedulable(string node, bool schedulable, DateTimeOffset now)
    {
        lock (_gate)
            _calls.Add($"schedulable {node} {schedulable}");
    }
}

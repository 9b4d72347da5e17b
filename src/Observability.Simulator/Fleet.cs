using Observability.Model;

namespace Observability.Simulator;

/// <summary>
/// The simulated world: nodes, GPUs, NICs, jobs and their faults. It moves only when it is told to; the same seed and
/// the same calls give the same world.
/// </summary>
public sealed class Fleet : IClusterWorkloads
{
    private readonly Lock _gate = new();
    private readonly List<FaultSpec> _pending = [];
    private readonly List<(FaultSpec Fault, DateTimeOffset EndsAt)> _active = [];
    private readonly List<(DateTimeOffset At, Action Do)> _later = [];
    private readonly List<ChangeNotice> _notices = [];
    private readonly FleetFaults _faults;

    /// <summary>Builds a fleet at a time.</summary>
    public Fleet(FleetOptions options, DateTimeOffset start)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Nodes is < 4 or > FleetOptions.MaximumNodes)
            throw new ArgumentOutOfRangeException(nameof(options), options.Nodes, $"nodes: must be 4 to {FleetOptions.MaximumNodes}");
        Options = options;
        Now = start;
        SimNodes = [.. Enumerable.Range(0, options.Nodes).Select(n => new SimNode(n, options.Seed, start))];
        Jobs = PlaceJobs();
        _faults = new FleetFaults(this);
    }

    /// <summary>Shape and seed.</summary>
    public FleetOptions Options { get; }

    /// <summary>The world's time.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>Everything injected so far, with what is true of it.</summary>
    public List<GroundTruth> Truth { get; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<SimulatedNode> Nodes
    {
        get
        {
            lock (_gate)
                return [.. SimNodes.Select(node => new SimulatedNode(node.Name, LabelsOf(node), !node.Down))];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<SimulatedPod> Pods
    {
        get
        {
            lock (_gate)
                return [.. Jobs.Where(job => job.RestartsAt is null).SelectMany(PodsOf)];
        }
    }

    internal IReadOnlyList<SimNode> SimNodes { get; }

    internal IReadOnlyList<TrainingJob> Jobs { get; }

    internal Lock Gate => _gate;

    /// <summary>Schedules a fault.</summary>
    public void Inject(FaultSpec fault)
    {
        lock (_gate)
            _pending.Add(fault);
    }

    /// <summary>Moves the world to a time.</summary>
    public void Advance(DateTimeOffset now)
    {
        lock (_gate)
        {
            var seconds = (now - Now).TotalSeconds;
            if (seconds <= 0)
                return;
            Now = now;
            RunDue();
            foreach (var fault in _pending.Where(fault => fault.At <= now).ToArray())
            {
                _pending.Remove(fault);
                Truth.Add(_faults.TruthOf(fault));
                _faults.Begin(fault);
                _active.Add((fault, fault.At + fault.Duration));
            }

            foreach (var over in _active.Where(active => active.EndsAt <= now).ToArray())
            {
                _active.Remove(over);
                _faults.End(over.Fault);
            }

            foreach (var job in Jobs)
                JobDynamics.Advance(job, this, seconds);
            Counters.Advance(this, seconds);
        }
    }

    /// <summary>Takes the announcements made since the last call: maintenance begins and ends.</summary>
    public IReadOnlyList<ChangeNotice> TakeNotices()
    {
        lock (_gate)
        {
            var notices = _notices.ToArray();
            _notices.Clear();
            return notices;
        }
    }

    /// <inheritdoc/>
    public void Evict(string ns, string pod, DateTimeOffset now)
    {
        lock (_gate)
        {
            var job = Jobs.FirstOrDefault(job => pod.StartsWith(job.Name + "-", StringComparison.Ordinal));
            var node = SimNodes.FirstOrDefault(node => pod.EndsWith(node.Name, StringComparison.Ordinal));
            if (job is null || node is null || !job.Ranks.Exists(gpu => gpu.Node == node))
                return;
            MoveAway(job, node);
            job.RestartsAt = now + Options.RestartDelay;
            job.BlockedSince = null;
        }
    }

    /// <inheritdoc/>
    public void SetSchedulable(string node, bool schedulable, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (SimNodes.FirstOrDefault(known => known.Name == node) is { } found)
                found.Schedulable = schedulable;
        }
    }

    /// <summary>The fleet's shape of this moment.</summary>
    public TopologyChange Topology()
    {
        lock (_gate)
            return FleetTopology.Of(this);
    }

    internal void Later(TimeSpan delay, Action what) => _later.Add((Now + delay, what));

    internal void Announce(string kind, string node, string text) => _notices.Add(new ChangeNotice(kind, Now, node, text));

    internal SimNode Node(string name) => SimNodes.First(node => node.Name == name);

    internal Gpu GpuOf(EntityId id) => SimNodes.SelectMany(node => node.Gpus).First(gpu => gpu.Id == id);

    internal TrainingJob Job(string name) => Jobs.First(job => job.Name == name);

    private void RunDue()
    {
        foreach (var due in _later.Where(later => later.At <= Now).OrderBy(later => later.At).ToArray())
        {
            _later.Remove(due);
            due.Do();
        }
    }

    private static void MoveAwayRank(TrainingJob job, int rank, Gpu to)
    {
        var from = job.Ranks[rank];
        (from.Job, to.Job, to.Rank) = (null, job, rank);
        job.Ranks[rank] = to;
    }

    private void MoveAway(TrainingJob job, SimNode bad)
    {
        var spare = SimNodes.FirstOrDefault(node => node != bad && node is { Schedulable: true, Down: false }
            && node.Gpus.All(gpu => gpu.Job is null && !gpu.Blocks));
        if (spare is null)
            return;
        for (var rank = 0; rank < job.Ranks.Count; rank++)
        {
            if (job.Ranks[rank].Node == bad)
                MoveAwayRank(job, rank, spare.Gpus[job.Ranks[rank].Index]);
        }
    }

    // About 50, 30 and 15 % of the nodes; what is left is spare.
    private List<TrainingJob> PlaceJobs()
    {
        var jobs = new List<TrainingJob>();
        var next = 0;
        foreach (var (name, share, step, mfu) in ((string, double, double, double)[])
            [("llm-70b", 0.5, 6.2, 0.41), ("moe-8x22b", 0.3, 4.1, 0.36), ("vision-7b", 0.15, 2.3, 0.44)])
        {
            var job = new TrainingJob(name, step, mfu);
            var count = Math.Max(1, (int)(Options.Nodes * share));
            foreach (var gpu in SimNodes.Skip(next).Take(count).SelectMany(node => node.Gpus))
            {
                (gpu.Job, gpu.Rank) = (job, job.Ranks.Count);
                job.Ranks.Add(gpu);
            }

            next += count;
            jobs.Add(job);
        }

        return jobs;
    }

    private static IEnumerable<SimulatedPod> PodsOf(TrainingJob job) => job.Ranks.Select(gpu => gpu.Node).Distinct().Select(node =>
        new SimulatedPod("training", $"{job.Name}-{node.Name}", $"uid-{job.Name}-{node.Name}-{job.Generation}", node.Name, job.Name,
            new Dictionary<string, string> { ["training.kubeflow.org/job-name"] = job.Name, ["app"] = job.Name }, "PyTorchJob", job.Name, true));

    private static Dictionary<string, string> LabelsOf(SimNode node) => new()
    {
        ["kubernetes.io/hostname"] = node.Name,
        ["kubernetes.io/os"] = "linux",
        ["nvidia.com/gpu.present"] = "true",
        ["nvidia.com/gpu.count"] = "8",
        ["nvidia.com/gpu.product"] = "NVIDIA-H100-80GB-HBM3",
        ["topology.kubernetes.io/rack"] = node.Rack,
        ["fabric.topograph.run/tier-0"] = $"unit-{node.Unit}",
    };
}

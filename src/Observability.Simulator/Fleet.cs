using Observability.Model;

namespace Observability.Simulator;

/// <summary>
/// The simulated world: nodes, GPUs, NICs, jobs and their faults. It moves only when it is told to, one second at a time
/// whatever the stride: the same seed and the same faults give the same world.
/// </summary>
public sealed class Fleet : IClusterWorkloads
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly List<FaultSpec> _pending = [];
    private readonly List<FaultSpec> _active = [];
    private readonly List<(DateTimeOffset At, Action Do)> _later = [];
    private readonly List<ChangeNotice> _notices = [];
    private readonly List<GroundTruth> _truth = [];
    private readonly HashSet<int> _unseen = [];
    private readonly List<GroundTruth> _negatives = [];
    private readonly Dictionary<string, SimNode> _nodes;
    private readonly Dictionary<EntityId, Gpu> _gpus;
    private readonly Dictionary<EntityId, Nic> _nics;
    private readonly FleetFaults _faults;

    /// <summary>Builds a fleet at a time.</summary>
    public Fleet(FleetOptions options, DateTimeOffset start)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Nodes is < FleetOptions.MinimumNodes or > FleetOptions.MaximumNodes)
            throw new ArgumentOutOfRangeException(nameof(options), options.Nodes, $"nodes: must be {FleetOptions.MinimumNodes} to {FleetOptions.MaximumNodes}");
        Options = options;
        (Now, StartedAt) = (start, start);
        SimNodes = [.. Enumerable.Range(0, options.Nodes).Select(n => new SimNode(n, options, start))];
        _nodes = SimNodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        _gpus = SimNodes.SelectMany(node => node.Gpus).ToDictionary(gpu => gpu.Id);
        _nics = SimNodes.SelectMany(node => node.Nics).ToDictionary(nic => nic.Id);
        Switches = options.Telemetry.HasFlag(FleetTelemetry.Switches) ? SimSwitch.Of(SimNodes, options.Seed) : [];
        Jobs = JobPlacement.Of(SimNodes, options.Jobs);
        _faults = new FleetFaults(this);
    }

    /// <summary>Shape and seed.</summary>
    public FleetOptions Options { get; }

    /// <summary>The world's time.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>Everything that has begun so far, with what is true of it.</summary>
    public IReadOnlyList<GroundTruth> Truth => _truth;

    /// <summary>What has begun that only looks like a fault: who blames hardware for it has raised a false alarm.</summary>
    public IReadOnlyList<GroundTruth> Negatives => _negatives;

    /// <inheritdoc/>
    public IReadOnlyList<SimulatedNode> Nodes
    {
        get
        {
            lock (_gate)
                return [.. SimNodes.Select(ClusterView.Of)];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<SimulatedPod> Pods
    {
        get
        {
            lock (_gate)
                return [.. Jobs.Where(job => job.RestartsAt is null).SelectMany(ClusterView.PodsOf)];
        }
    }

    /// <summary>True when every job makes steps, or pauses only to save what it has.</summary>
    public bool IsAtWork
    {
        get
        {
            lock (_gate)
                return Jobs.All(job => job.IsRunning);
        }
    }

    /// <summary>Told of each fault that was scheduled: who keeps them can schedule them again on a fleet of the same seed.</summary>
    public Action<FaultSpec>? Injected { get; set; }

    internal IReadOnlyList<SimNode> SimNodes { get; }

    /// <summary>Switches that speak for themselves, leaves first; none unless the fleet is asked to.</summary>
    internal IReadOnlyList<SimSwitch> Switches { get; }

    internal IReadOnlyList<TrainingJob> Jobs { get; }

    internal Lock Gate => _gate;

    internal DateTimeOffset StartedAt { get; }

    /// <summary>How much warmer than usual the air is, °C.</summary>
    internal double WarmAir { get; set; }

    /// <summary>Schedules a fault; one that cannot be (unknown kind, entity that is not there or cannot have it) is refused at once.</summary>
    public void Inject(FaultSpec fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_gate)
        {
            if (_faults.Refusal(fault) is { } why)
                throw new ArgumentException($"fault {fault.Id}: {why}", nameof(fault));
            _pending.Add(fault);
            Injected?.Invoke(fault);
        }
    }

    /// <summary>A place where a job runs for a fault of a kind.</summary>
    /// <param name="kind">What is to happen.</param>
    /// <param name="random">Decides where.</param>
    /// <param name="job">Index of the job that is to suffer; null for any.</param>
    public EntityId PlaceFor(FaultKind kind, Random random, int? job = null)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(random);
        lock (_gate)
            return FaultPlaces.Pick(Jobs[job ?? random.Next(Jobs.Count)], kind.Name, random);
    }

    /// <summary>Moves the world to a time.</summary>
    public void Advance(DateTimeOffset now)
    {
        lock (_gate)
        {
            while (Now < now)
                Step(Now + Tick < now ? Now + Tick : now);
        }
    }

    /// <summary>Takes the announcements made since the last call: maintenance begins and ends, something was deployed.</summary>
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
            if (job is null || !_nodes.TryGetValue(pod[(job.Name.Length + 1)..], out var node) || !job.Ranks.Exists(gpu => gpu.Node == node))
                return;
            JobPlacement.MoveAway(job, node, SimNodes);
            job.Stop(now + Options.RestartDelay);
        }
    }

    /// <inheritdoc/>
    public void SetSchedulable(string node, bool schedulable, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(node, out var found))
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

    /// <summary>Told of each announcement when it is made.</summary>
    internal Action<ChangeNotice>? Announced { get; set; }

    internal void Announce(string kind, EntityId of, string text)
    {
        var notice = new ChangeNotice(kind, Now, of, text);
        _notices.Add(notice);
        Announced?.Invoke(notice);
    }

    internal bool IsActive(FaultSpec fault) => _active.Contains(fault);

    internal SimNode? Node(string name) => _nodes.GetValueOrDefault(name);

    internal Gpu? GpuOf(EntityId id) => _gpus.GetValueOrDefault(id);

    internal Nic? NicOf(EntityId id) => _nics.GetValueOrDefault(id);

    internal SimSwitch? Switch(string name) => Switches.FirstOrDefault(one => one.Name == name);

    internal TrainingJob? Job(string name) => Jobs.FirstOrDefault(job => job.Name == name);

    private void Step(DateTimeOffset now)
    {
        var seconds = (now - Now).TotalSeconds;
        Now = now;
        foreach (var due in _later.Where(later => later.At <= now).OrderBy(later => later.At).ToArray())
        {
            _later.Remove(due);
            due.Do();
        }

        foreach (var fault in _pending.Where(fault => fault.At <= now).OrderBy(fault => fault.At).ToArray())
        {
            _pending.Remove(fault);
            _active.Add(fault);
            var truth = _faults.TruthOf(fault);
            (truth.Kind.IsNegative ? _negatives : _truth).Add(truth);
            if (truth.Kind.ShowsInSteps)
                _unseen.Add(_truth.Count - 1);
            _faults.Begin(fault);
        }

        foreach (var over in _active.Where(active => active.At + active.Duration <= now).ToArray())
        {
            _active.Remove(over);
            // The same fault of the same thing may have come again meanwhile; then it has not ended.
            if (!_active.Exists(other => other.Kind == over.Kind && other.Entity == over.Entity))
                _faults.End(over);
        }

        foreach (var job in Jobs)
        {
            job.Settle();
            JobDynamics.Advance(job, this, seconds);
        }

        LookForFirstSigns();
        Counters.Advance(this, seconds);
        foreach (var one in Switches)
            one.Advance(seconds);
    }

    // What a job's steps alone can show begins to show when the job would make one.
    private void LookForFirstSigns()
    {
        foreach (var number in _unseen.ToArray())
        {
            var truth = _truth[number];
            var isSeen = truth.Jobs.All(name => Job(name)!.IsFreeBut(truth.Kind));
            if (isSeen && Now - truth.FirstSymptomAt > Tick)
                _truth[number] = truth with { FirstSymptomAt = Now };
            if (isSeen || !IsActive(truth.Fault))
                _unseen.Remove(number);
        }
    }
}

using Observability.Model;

namespace Observability.Incidents;

/// <summary>One fault with the alerts it gives rise to.</summary>
internal sealed class SyntheticStory(Random random)
{
    private const string Critical = "critical";
    private const string Warning = "warning";
    private const string Info = "info";

    public List<Alert> Alerts { get; } = [];

    public HashSet<Alert> Noise { get; } = [];

    public EntityId Cause { get; private set; }

    public string FaultClass { get; private set; } = "";

    public static SyntheticStory Tell(string kind, Random random)
    {
        var story = new SyntheticStory(random) { FaultClass = kind };
        story.Tell(kind);
        if (random.NextDouble() < 0.25)
            story.AddNoise();
        story.Lose();
        return story;
    }

    private void Tell(string kind)
    {
        var (job, first, count) = SyntheticFleet.Jobs[random.Next(3)];
        var (node, part) = (first + random.Next(count), random.Next(8));
        var gpu = SyntheticFleet.Gpu(node, part);
        Cause = gpu;
        switch (kind)
        {
            case Model.FaultClass.GpuOffBus:
                Event(gpu, 0, kind, Critical, "xid:79");
                Rule(gpu, 15, kind, Critical, cause: true);
                Rule(SyntheticFleet.Node(node), 20, kind, Warning);
                Stop(job);
                break;
            case Model.FaultClass.EccUncontained:
                Event(gpu, 0, Model.FaultClass.EccContained, Critical, "xid:48");
                Event(gpu, 1, kind, Critical, "xid:95");
                Event(gpu, 3, Model.FaultClass.JobKilled, Info, "xid:45", cause: false);
                Rule(gpu, 15, kind, Critical, cause: true);
                Stop(job);
                break;
            case Model.FaultClass.RowRemapPending:
                Event(gpu, 0, kind, Warning, "xid:63");
                Rule(gpu, 12, kind, Warning, cause: true);
                break;
            case Model.FaultClass.ThermalThrottle:
                Rule(gpu, 10, kind, Warning, cause: true);
                Rule(gpu, 5, kind, Warning);
                Slow(job, node, part);
                break;
            case Model.FaultClass.PcieWidthLoss:
                Rule(gpu, 10, kind, Warning, cause: true);
                Rule(gpu, 25, kind, Info);
                Slow(job, node, part);
                break;
            case Model.FaultClass.SlowNic:
                TellSlowNic(job, node, part);
                break;
            case Model.FaultClass.LeafFlap:
                TellLeaf(job, node, part);
                break;
            case Model.FaultClass.UserCodeHang:
                Cause = SyntheticFleet.Job(job);
                Stop(job);
                break;
            case Model.FaultClass.DataLoaderStall:
                Cause = SyntheticFleet.Job(job);
                Rule(Cause, 15, kind, Warning, cause: true);
                JobSlow(job);
                break;
            case Model.FaultClass.JobKilled:
                Cause = SyntheticFleet.Job(job);
                foreach (var g in Enumerable.Range(0, Math.Min(count * 8, 4 + random.Next(60))))
                    Event(SyntheticFleet.Gpu(first + (g / 8), g % 8), random.NextDouble() * 3, kind, Info, "xid:45", cause: false);
                Rule(Cause, 35, kind, Warning);
                break;
            case Model.FaultClass.MonitorSilent:
                Cause = new EntityId(EntityKind.Monitor, $"n{node}/dcgm");
                Rule(Cause, 20, kind, Warning, cause: true);
                break;
            case Model.FaultClass.Maintenance:
                Cause = SyntheticFleet.Node(node);
                Event(Cause, 0, kind, Info, "change:maintenance_start");
                Rule(Cause, 60, Model.FaultClass.NodeDown, Critical, cause: true);
                Rule(new EntityId(EntityKind.Monitor, $"n{node}/dcgm"), 50, Model.FaultClass.MonitorSilent, Warning, cause: true);
                Rule(SyntheticFleet.Job(job), 40, Model.FaultClass.JobKilled, Warning);
                break;
            case Model.FaultClass.NodeDown:
                Cause = SyntheticFleet.Node(node);
                Rule(Cause, 20, kind, Critical, cause: true);
                foreach (var g in Enumerable.Range(0, random.Next(8)))
                    Rule(SyntheticFleet.Nic(node, g), 15, Model.FaultClass.LeafFlap, Warning);
                Stop(job);
                break;
            default:
                // Slow ranks and nothing that says why: no candidate is right.
                Cause = new EntityId(EntityKind.Service, "nobody");
                JobSlow(job);
                Straggler(node, part);
                break;
        }

    }

    private void TellSlowNic(string job, int node, int part)
    {
        Cause = SyntheticFleet.Nic(node, part);
        Rule(Cause, 15, FaultClass, Warning, cause: true);
        if (random.NextDouble() < 0.7)
            Rule(Cause, 12, FaultClass, Warning, cause: true);
        foreach (var peer in Enumerable.Range(0, random.Next(4)))
            Rule(SyntheticFleet.Nic((node / 32 * 32) + peer, part), 20, FaultClass, Info);
        if (random.NextDouble() < 0.3)
            Event(Cause, 5, Model.FaultClass.LeafFlap, Warning, "mlx5:link_down", cause: false);
        JobSlow(job);
    }

    private void TellLeaf(string job, int node, int part)
    {
        Cause = SyntheticFleet.Leaf(node / 32, part);
        var ports = 8 + random.Next(25);
        for (var n = 0; n < ports; n++)
        {
            var nic = SyntheticFleet.Nic((node / 32 * 32) + n, part);
            Event(nic, random.NextDouble() * 2, FaultClass, Warning, "mlx5:link_down", cause: false);
            Rule(nic, 12, FaultClass, Warning);
            if (random.NextDouble() < 0.5)
                Rule(nic, 20, Model.FaultClass.SlowNic, Info);
        }

        if (random.NextDouble() < 0.7)
            Stop(job);
        else
            JobSlow(job);
    }

    private void Stop(string job)
    {
        Rule(SyntheticFleet.Job(job), 40, Model.FaultClass.UserCodeHang, Warning, origin: AlertOrigin.Detector);
        Rule(SyntheticFleet.Job(job), 60, Model.FaultClass.UserCodeHang, Warning);
        if (random.NextDouble() < 0.5)
            Rule(SyntheticFleet.Job(job), 30, Model.FaultClass.Unknown, Warning);
        if (random.NextDouble() < 0.4)
            Rule(SyntheticFleet.Job(job), 300, Model.FaultClass.JobKilled, Warning);
        if (random.NextDouble() < 0.3)
            Event(SyntheticFleet.Job(job), 600, Model.FaultClass.UserCodeHang, Warning, "nccl:watchdog_timeout", cause: false);
    }

    private void Slow(string job, int node, int part)
    {
        JobSlow(job);
        Straggler(node, part);
    }

    private void JobSlow(string job)
    {
        Rule(SyntheticFleet.Job(job), 30, Model.FaultClass.Unknown, Warning);
        if (random.NextDouble() < 0.7)
            Rule(SyntheticFleet.Job(job), 45, Model.FaultClass.Unknown, Warning);
    }

    private void Straggler(int node, int part)
    {
        Rule(SyntheticFleet.Gpu(node, part), 45, Model.FaultClass.Straggler, Warning, origin: AlertOrigin.Detector);
        if (random.NextDouble() < 0.4)
            Rule(SyntheticFleet.Gpu(node, part), 55, Model.FaultClass.Straggler, Warning, origin: AlertOrigin.Detector);
        // After a restart elsewhere the whole node looks different from its peers for a while.
        if (random.NextDouble() < 0.2)
        {
            foreach (var other in Enumerable.Range(0, 8))
                Rule(SyntheticFleet.Gpu(node, other), 130, Model.FaultClass.Straggler, Warning, origin: AlertOrigin.Detector);
        }
    }

    private void AddNoise()
    {
        var gpu = SyntheticFleet.Gpu(random.Next(SyntheticFleet.Nodes), random.Next(8));
        var before = Alerts.Count;
        if (random.Next(2) == 0)
            Rule(gpu, 60, Model.FaultClass.ThermalThrottle, Warning);
        else
            Event(gpu, 30, Model.FaultClass.UserCodeError, Info, "xid:13", cause: false);
        Noise.UnionWith(Alerts.Skip(before));
    }

    // One alert in twelve never arrives, but something always does.
    private void Lose()
    {
        for (var i = Alerts.Count - 1; i >= 0 && Alerts.Count > 1; i--)
        {
            if (random.NextDouble() < 1 / 12.0)
                Alerts.RemoveAt(i);
        }
    }

    private void Event(EntityId entity, double after, string faultClass, string severity, string code, bool cause = true) =>
        Add(entity, after, (faultClass, severity, cause ? AlertLabel.RoleCause : AlertLabel.RoleSymptom), code, AlertOrigin.Event);

    private void Rule(EntityId entity, double after, string faultClass, string severity, bool cause = false, AlertOrigin origin = AlertOrigin.Rule) =>
        Add(entity, after + (random.NextDouble() * 10), (faultClass, severity, cause ? AlertLabel.RoleCause : AlertLabel.RoleSymptom), "", origin);

    private void Add(EntityId entity, double after, (string Class, string Severity, string Role) what, string code, AlertOrigin origin) => Alerts.Add(new Alert
    {
        Labels = LabelSet.Of(
            (AlertLabel.Name, $"{origin}{Alerts.Count}"), (AlertLabel.FaultClass, what.Class), (AlertLabel.Severity, what.Severity), (AlertLabel.Role, what.Role),
            ("code", code), ("at", entity.ToString())),
        State = AlertState.Firing,
        StartsAt = SyntheticFleet.Start.AddSeconds(after),
        UpdatedAt = SyntheticFleet.Start.AddSeconds(after),
        Origin = origin,
        Entity = entity,
    });
}

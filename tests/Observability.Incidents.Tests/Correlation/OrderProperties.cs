using FsCheck.Xunit;
using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Correlation;

/// <summary>What gathers within the settle window is grouped alike, however its alerts are shuffled on the way.</summary>
public sealed class OrderProperties
{
    private static readonly TopologyView View = Mounted();

    [Property(MaxTest = 300)]
    public void ShuffledAlerts_GiveTheSameIncidents(int world, int shuffle)
    {
        var alerts = Alerts(new Random(world));
        var shuffled = alerts.ToArray();
        new Random(shuffle).Shuffle(shuffled);

        Assert.Equal(Groups(alerts), Groups(shuffled));
    }

    private static string[] Groups(IEnumerable<Alert> alerts) => [.. new Correlator(View).FireAt(60, alerts).Until(64).FireAt(64, []).Until(98).Groups];

    // Jobs a and b share one file system with half of c, which uses another one as well.
    private static TopologyView Mounted()
    {
        var view = Fleets.View(64, 8, ("a", 0, 20), ("b", 20, 20), ("c", 40, 20));
        view.Apply(Make.Mounts("fs-0", 0, 50));
        view.Apply(Make.Mounts("fs-1", 40, 24));
        return view;
    }

    // Up to three faults, what their jobs show, a leaf with some of its ports down, slow ranks, a monitor, storage, changes, all at the same moment or nearly.
    private static Alert[] Alerts(Random random)
    {
        var alerts = new List<Alert>();
        for (var faults = random.Next(4); faults > 0; faults--)
        {
            var gpu = Fleets.Gpu(random.Next(64), random.Next(8));
            alerts.Add(random.Next(3) switch { 0 => Make.Xid79(gpu, At(random)), 1 => Make.Throttle(gpu, At(random)), _ => Make.NicErrors(Fleets.Nic(random.Next(64), random.Next(8)), At(random)) });
        }

        foreach (var job in (string[])["a", "b", "c"])
        {
            if (random.Next(2) == 0)
                alerts.Add(Make.Stalled(job, At(random)));
            if (random.Next(3) == 0)
                alerts.Add(Make.StepSlow(job, At(random)));
            if (random.Next(6) == 0)
                alerts.Add(Make.DataStall(job, At(random)));
            if (random.Next(5) == 0)
                alerts.Add(Make.StorageStall(job, At(random)));
        }

        for (var slow = random.Next(4); slow > 0; slow--)
            alerts.Add(Make.Straggler(Fleets.Gpu(random.Next(64), random.Next(8)), At(random)));
        var (unit, rail) = (random.Next(2), random.Next(8));
        for (var port = random.Next(2) * random.Next(12); port > 0; port--)
            alerts.Add(Make.LinkDown(Fleets.Nic((unit * 32) + random.Next(32), rail), At(random)));
        if (random.Next(8) == 0)
            alerts.Add(Make.NotAnswering(random.Next(2) == 0 ? "fs-0" : "fs-1", At(random)));
        if (random.Next(4) == 0)
            alerts.Add(Make.Alert(Fleets.Nic(random.Next(64), random.Next(8)), "NicSequenceErrors", (FaultClass.LeafFlap, "info"), At(random)));
        if (random.Next(3) == 0)
            alerts.Add(Make.Changed(Make.Job(random.Next(2) == 0 ? "a" : "b"), At(random) - random.Next(30)));
        if (random.Next(3) == 0)
            alerts.Add(Make.Changed(Make.Node(random.Next(64)), At(random) - random.Next(30), "driver"));
        if (random.Next(4) == 0)
            alerts.Add(Make.Silent(Make.Monitor(random.Next(64)), At(random)));
        return [.. alerts.DistinctBy(alert => alert.Fingerprint)];
    }

    private static double At(Random random) => 60 - random.Next(30);
}

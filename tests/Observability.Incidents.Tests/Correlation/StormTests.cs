using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Correlation;

public sealed class StormTests
{
    [Fact]
    public void TwelveThousandAlertsOfAThousandBrokenNodes_CostAboutOneComparisonEach()
    {
        var view = Fleets.View(1_024, 8, ("a", 0, 512), ("b", 512, 512));
        var alerts = Enumerable.Range(0, 1_000).SelectMany(node => Enumerable.Range(0, 12).Select(i =>
            Make.Alert(Fleets.Gpu(node, i % 8), $"Fault{i}", (FaultClass.GpuOffBus, "critical"), 0, cause: true))).ToArray();
        var run = new Correlator(view).FireAt(0, alerts);

        Assert.Equal(12_000, alerts.Length);
        Assert.Equal(1_000, run.Members.Count);
        // Each alert meets the incidents of its node and of its job: the job's are many, and none of them is read twice for one alert.
        Assert.InRange(run.Stage.Compared, 0, 12_000L * 513);
    }

    [Fact]
    public void TenThousandSymptomsOfOneLeaf_AreOneIncidentAndOneComparisonEach()
    {
        var view = Fleets.View(32, 8, ("a", 0, 32));
        var alerts = Enumerable.Range(0, 10_240).Select(i => Make.Alert(Fleets.Nic(i % 32, 2), $"Probe{i / 32}", (FaultClass.LeafFlap, "warning"), i / 10_240.0)).ToArray();
        var run = new Correlator(view).FireAt(0, alerts);

        Assert.Equal(10_240, Assert.Single(run.Members).Value.Count);
        Assert.Equal(10_239, run.Stage.Compared);
        Assert.Equal((10_240, 10_240, 32), run.Changes[^1].Incident is var last ? (last.AlertCount, last.FiringCount, last.EntityCount) : default);
    }
}

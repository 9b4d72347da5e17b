using Observability.Model;

namespace Observability.Simulator.Tests.Faults;

/// <summary>What is put in place, and works or does not.</summary>
public sealed class ChangeFaultsTests
{
    private readonly SimulatedFleet _world = new SimulatedFleet().After(60);

    [Fact]
    public void BadDeploy_IsAnnouncedAndStartsTheJobAnew_WhichThenHangsFailsOrIsSlow()
    {
        var ways = Enumerable.Range(0, 12).Select(n =>
        {
            var world = new SimulatedFleet().After(60);
            var job = world.Job("llm-70b");
            var fault = new FaultSpec($"deploy-{n}", FaultKinds.BadDeploy, job.Id, world.Fleet.Now.AddSeconds(1), TimeSpan.FromSeconds(300));
            world.Fleet.Inject(fault);
            var notice = Assert.Single(world.After(1).Fleet.TakeNotices());
            Assert.Equal(("deploy", job.Id, "job_name", "image 1.0 to 2.0"), (notice.Kind, notice.Of, notice.Label, notice.Text));
            Assert.False(job.IsRunning);

            world.After(world.Fleet.Options.RestartDelay.TotalSeconds + 40);
            var shown = world.Fleet.Truth.Single().FirstSymptomAt - fault.At;
            Assert.InRange(shown, world.Fleet.Options.RestartDelay, world.Fleet.Options.RestartDelay + TimeSpan.FromSeconds(20));
            var way = job.Hung ? "hangs" : job.SlowFactor > 1.25 ? "is slow" : job.RestartsAt is not null ? "fails" : "works";

            world.After(600);
            Assert.Equal((true, 1.0), (job.IsRunning, job.SlowFactor));
            return way;
        });

        Assert.Equal(["fails", "hangs", "is slow"], ways.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Deploy_IsAnnounced_AndTheJobIsAsWellAsBefore()
    {
        var job = _world.Job("moe-8x22b");
        _world.Inject(FaultKinds.Deploy, job.Id);
        _world.After(20);

        Assert.Equal(("deploy", job.Id), (_world.Fleet.Negatives.Single().Kind.Name, Assert.Single(_world.Fleet.TakeNotices()).Of));
        Assert.False(job.IsRunning);
        _world.After(90);
        Assert.Equal((true, 1.0, 2), (job.IsComputing, job.SlowFactor, job.Generation));
    }

    [Fact]
    public void BadDriver_ShowsInTheLabelsAndThenOnAllGpusOfItsNode_OnceTheyAreUsed()
    {
        var job = _world.Job("llm-70b");
        var node = _world.Gpu(1, 0).Node;
        var before = Drivers();
        var fault = _world.Inject(FaultKinds.BadDriver, new EntityId(EntityKind.Node, node.Name), seconds: 300);
        _world.After(2);

        Assert.NotEqual(before, Drivers());
        Assert.Empty(_world.Fleet.TakeNotices());
        Assert.False(job.IsRunning);
        _world.After(_world.Fleet.Options.RestartDelay.TotalSeconds + 15);
        Assert.DoesNotContain(node.Gpus, gpu => gpu.GspHung);
        _world.After(10);
        Assert.All(node.Gpus, gpu => Assert.Equal((true, 119), (gpu.GspHung, gpu.LastXid)));
        var shown = _world.Fleet.Truth.Single().FirstSymptomAt - fault.At;
        Assert.InRange(shown, _world.Fleet.Options.RestartDelay, _world.Fleet.Options.RestartDelay + TimeSpan.FromSeconds(20));

        _world.After(600);
        Assert.Equal(before, Drivers());
        Assert.Equal((true, false), (job.IsRunning, node.Gpus[0].GspHung));

        string[] Drivers() => [.. Scrape.Dcgm(_world, 1).Samples.Select(sample => sample.Labels["DCGM_FI_DRIVER_VERSION"]).Distinct()];
    }

    [Fact]
    public void DriverUpdate_ShowsInTheLabels_AndAllIsAsWellAsBefore()
    {
        var node = _world.Gpu(1, 0).Node;
        var before = node.Driver;
        _world.Inject(FaultKinds.DriverUpdate, new EntityId(EntityKind.Node, node.Name), seconds: 100);
        _world.After(200);

        Assert.NotEqual(before, node.Driver);
        Assert.Equal((true, 1.0, 2), (_world.Job("llm-70b").IsComputing, _world.Job("llm-70b").SlowFactor, _world.Job("llm-70b").Generation));
        Assert.DoesNotContain(node.Gpus, gpu => gpu.GspHung);
    }
}

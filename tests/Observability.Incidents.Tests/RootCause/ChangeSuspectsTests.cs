using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.RootCause;

/// <summary>How much of the others' probability a change takes, against the formula worked out by hand.</summary>
public sealed class ChangeSuspectsTests
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private readonly Topology _graph = Fleets.View(64, 8, ("a", 0, 20), ("b", 20, 20)).Current;

    // 0.173 / 0.827 · 0.073 · 1,440 = 21.99; later than ten minutes 0.173 / 0.827 · 0.0054 · 1,440 = 1.627.
    [Theory]
    [InlineData(240, 0.9565)]
    [InlineData(599, 0.9565)]
    [InlineData(1_800, 0.6193)]
    public void JobThatHangs_IsItsChangesByTheTimeThatHasPassed(double seconds, double share)
    {
        var weighed = Weigh([Make.Changed(Make.Job("a"), 0), Make.Stalled("a", seconds)], (Make.Job("a"), FaultClass.UserCodeHang, 0.9));

        Assert.Equal(["bad_change job:a", "user_code_hang job:a"], weighed.Keys.Order(StringComparer.Ordinal));
        // What nobody is suspected of is as much the change's.
        Assert.Equal(share, weighed["bad_change job:a"], 1e-4);
        Assert.Equal(0.9 * (1 - share), weighed["user_code_hang job:a"], 1e-4);
    }

    [Fact]
    public void JobThatIsSlow_IsLessLikelyItsChanges() // 0.05 / 0.95 · 0.073 · 1,440 = 5.53
    {
        var weighed = Weigh([Make.Changed(Make.Job("a"), 0), Make.StepSlow("a", 240)], (Make.Job("a"), FaultClass.Straggler, 0));

        Assert.Equal(0.847, weighed["bad_change job:a"], 3);
    }

    [Fact]
    public void BrokenGpuOfTheJob_KeepsAllOfItsOwn()
    {
        var weighed = Weigh(
            [Make.Changed(Make.Job("a"), 0), Make.Xid79(Fleets.Gpu(3, 1), 60), Make.Stalled("a", 100)],
            (Fleets.Gpu(3, 1), FaultClass.GpuOffBus, 0.95), (Make.Job("a"), FaultClass.UserCodeHang, 0.01));

        Assert.Equal(0.95, weighed["gpu_off_bus gpu:GPU-003-1"], 6);
        Assert.Equal(0.05 * 0.9565, weighed["bad_change job:a"], 3);
    }

    [Fact]
    public void JobThatOnlyStopped_AndOneThatWaitsForStorage_AreNotTheChanges()
    {
        Assert.Equal(["job_killed job:a"], Weigh([Make.Changed(Make.Job("a"), 0), Make.Absent("a", 45)], (Make.Job("a"), FaultClass.JobKilled, 0.9)).Keys);
        Assert.Equal(0.9, Weigh([Make.Changed(Make.Job("a"), 0), Make.StorageStall("a", 45)], (Make.Job("a"), FaultClass.StorageStall, 0.9))["storage_stall job:a"], 6);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 0.999)]
    public void ChangedNode_IsToBlameForManyOfItsGpusAndNotForFew(int gpus, double least)
    {
        Alert[] alerts = [Make.Changed(Make.Node(3), 0, "driver"), .. Enumerable.Range(0, gpus).Select(gpu => Make.Xid(Fleets.Gpu(3, gpu), 119, FaultClass.GspTimeout, "critical", 300))];
        var weighed = Weigh(alerts, [.. Enumerable.Range(0, gpus).Select(gpu => (Fleets.Gpu(3, gpu), FaultClass.GspTimeout, 0.9 / gpus))]);

        Assert.InRange(weighed.GetValueOrDefault("bad_change node:node-003"), least, least == 0 ? 0 : 1);
        Assert.Equal(1, weighed.Values.Sum() + (least == 0 ? 0.1 : 0), 2);
    }

    [Fact]
    public void OfTwoChanges_TheLaterOneTakesFirst_AndTogetherTheyTakeNoMoreThanThereIs()
    {
        var weighed = Weigh(
            [Make.Changed(Make.Node(3), 0, "driver"), Make.Changed(Make.Job("a"), 200), Make.Stalled("a", 300), .. Enumerable.Range(0, 4).Select(gpu => Make.Straggler(Fleets.Gpu(3, gpu), 310))],
            (Make.Job("a"), FaultClass.UserCodeHang, 0.6), (Fleets.Gpu(3, 0), FaultClass.Straggler, 0.1));

        Assert.Equal(0.9565 * 0.9, weighed["bad_change job:a"], 3);
        Assert.InRange(weighed["bad_change node:node-003"], 0.1, 0.12);
        Assert.Equal(1, weighed.Values.Sum(), 2);
    }

    private Dictionary<string, double> Weigh(Alert[] alerts, params (EntityId Entity, string FaultClass, double Probability)[] suspects) =>
        ChangeSuspects.Weigh(new Scene(alerts, _graph), [.. suspects.Select(one => new Suspect(new Candidate(one.Entity, one.FaultClass, new CauseFeatures(), []), 1, one.Probability))], Window)
            .ToDictionary(suspect => $"{suspect.Candidate.FaultClass} {suspect.Candidate.Entity}", suspect => suspect.Probability);
}

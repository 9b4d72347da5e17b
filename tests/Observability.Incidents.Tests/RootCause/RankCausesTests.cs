using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.RootCause;

public sealed class RankCausesTests
{
    private readonly TopologyView _view = Fleets.View(64, 8, ("a", 0, 20), ("b", 20, 20), ("c", 40, 20));

    [Fact]
    public void GpuOffTheBus_IsHardwareAtThatGpu() =>
        AssertVerdict(VerdictKind.Hardware, FaultClass.GpuOffBus, Fleets.Gpu(3, 1), Make.Xid79(Fleets.Gpu(3, 1), 0), Make.Vanished(Fleets.Gpu(3, 1), 20), Make.Stalled("a", 45));

    [Fact]
    public void GpuOffTheBusKnownByItsLogLineOnly_IsStillHardware() =>
        AssertVerdict(VerdictKind.Hardware, FaultClass.GpuOffBus, Fleets.Gpu(3, 1), Make.Xid79(Fleets.Gpu(3, 1), 0), Make.Stalled("a", 45), Make.NoProgress("a", 170));

    [Fact]
    public void UncontainedMemoryError_IsNamedByTheGraverOfItsCodes() => AssertVerdict(
        VerdictKind.Hardware, FaultClass.EccUncontained, Fleets.Gpu(3, 1),
        Make.Xid(Fleets.Gpu(3, 1), 48, FaultClass.EccContained, "critical", 0), Make.Xid(Fleets.Gpu(3, 1), 95, FaultClass.EccUncontained, "critical", 0.1),
        Make.Xid45(Fleets.Gpu(3, 1), 2), Make.Stalled("a", 45));

    [Fact]
    public void AllRanksReportATimeout_TheGuiltyNicIsNamed() => AssertVerdict(
        VerdictKind.Hardware, FaultClass.SlowNic, Fleets.Nic(7, 3),
        [Make.NicErrors(Fleets.Nic(7, 3), 10), .. Enumerable.Range(8, 4).Select(peer => Make.Alert(Fleets.Nic(peer, 3), "NicAckTimeouts", (FaultClass.SlowNic, "info"), 20)),
            Make.StepSlow("a", 40), Make.NcclTimeout("a", 100)]);

    [Fact]
    public void LeafFlap_IsTheSwitchAndNoNode() => AssertVerdict(
        VerdictKind.Hardware, FaultClass.LeafFlap, Make.Leaf(0, 4),
        [.. Enumerable.Range(0, 32).SelectMany(node => new[] { Make.LinkDown(Fleets.Nic(node, 4), 0), Make.NicLinkDown(Fleets.Nic(node, 4), 10) }), Make.Stalled("a", 45)]);

    [Fact]
    public void JobHangsByItself_IsNotHardware() =>
        AssertVerdict(VerdictKind.NotHardware, FaultClass.UserCodeHang, Make.Job("a"), Make.Stalled("a", 0), Make.NoProgress("a", 130));

    [Fact]
    public void AllJobsWaitForOneStorage_ItIsTheStorageAndItsEvidenceSaysHowMany()
    {
        _view.Apply(Make.Mounts("fs-0", 0, 64));
        var verdict = AssertVerdict(
            VerdictKind.NotHardware, FaultClass.StorageStall, Make.Storage(), Make.NotAnswering("fs-0", 15), Make.StorageStall("a", 45), Make.StorageStall("b", 50));

        Assert.Equal("storage stall: fs-0", verdict.Summary);
        Assert.Contains(verdict.Evidence, line => line is { Kind: EvidenceKind.Topology, Text: "2 of the 3 jobs that use fs-0 wait for storage", Value: 2 });
        Assert.Contains(verdict.Evidence, line => line is { Kind: EvidenceKind.Counter, Text: "1 of the 3 jobs that use fs-0 show nothing" });
    }

    [Fact]
    public void SeveralJobsWait_ButTheStorageSaysNothing_ItIsStillTheStorage()
    {
        _view.Apply(Make.Mounts("fs-0", 0, 64));
        AssertVerdict(VerdictKind.NotHardware, FaultClass.StorageStall, Make.Storage(), Make.StorageStall("a", 45), Make.StorageStall("b", 50), Make.StorageStall("c", 52));
    }

    [Fact]
    public void OneJobWaitsAlone_ItIsItsOwn()
    {
        _view.Apply(Make.Mounts("fs-0", 0, 64));
        AssertVerdict(VerdictKind.NotHardware, FaultClass.StorageStall, Make.Job("a"), Make.StorageStall("a", 45), Make.NoProgress("a", 170));
    }

    [Fact]
    public void DataLoaderStall_IsNotHardware() =>
        AssertVerdict(VerdictKind.NotHardware, FaultClass.DataLoaderStall, Make.Job("a"), Make.DataStall("a", 0), Make.StepSlow("a", 10));

    [Fact]
    public void KilledJobsStormOfXid45_IsNotHardwareAndItsEvidenceIsTheStorm()
    {
        var verdict = AssertVerdict(
            VerdictKind.NotHardware, FaultClass.JobKilled, Make.Job("a"),
            [.. Enumerable.Range(0, 160).Select(i => Make.Xid45(Fleets.Gpu(i / 8, i % 8), i * 0.01)), Make.Absent("a", 20)]);

        Assert.Contains(verdict.Evidence, line => line is { Kind: EvidenceKind.Topology, Text: "160 of the 160 GPUs of a show it within 20 s", Value: 160 });
        Assert.Contains(verdict.Evidence, line => line is { Kind: EvidenceKind.LogLine, Reference: "NVRM: xid:45" });
        Assert.Contains(verdict.Evidence, line => line is { Kind: EvidenceKind.Counter, Text: "no device under the 160 ranks of a reports a fault of its own" });
    }

    [Fact]
    public void TheSameErrorOnManyGpus_IsTheJobsCode() => AssertVerdict(
        VerdictKind.NotHardware, FaultClass.UserCodeError, Make.Job("a"),
        [.. Enumerable.Range(0, 24).Select(i => Make.Xid(Fleets.Gpu(i / 8, i % 8), 31, FaultClass.UserCodeError, "warning", i * 0.05, cause: false)), Make.Absent("a", 50)]);

    [Fact]
    public void SilentExporter_IsNoFaultOfItsNode() =>
        AssertVerdict(VerdictKind.NotHardware, FaultClass.MonitorSilent, Make.Monitor(5), Make.Silent(Make.Monitor(5), 0));

    [Fact]
    public void AnnouncedMaintenance_ExplainsTheNodeThatGoesDown() => AssertVerdict(
        VerdictKind.NotHardware, FaultClass.Maintenance, Make.Node(5),
        Make.Maintenance(Make.Node(5), 0), Make.Alert(Make.Node(5), "NodeDown", (FaultClass.NodeDown, "critical"), 40, cause: true), Make.Absent("a", 50));

    [Fact]
    public void JobThatHangsSoonAfterItsDeployment_IsTheChange()
    {
        var verdict = AssertVerdict(VerdictKind.NotHardware, FaultClass.BadChange, Make.Job("a"), Make.Changed(Make.Job("a"), 0), Make.Stalled("a", 240), Make.NoProgress("a", 370));

        Assert.Equal("bad change: a", verdict.Summary);
        Assert.Equal((EvidenceKind.Change, "4 min before the first sign: A deploy: 1.0 to 1.1", Make.At(0), 4), (verdict.Evidence[0].Kind, verdict.Evidence[0].Text, verdict.Evidence[0].At, verdict.Evidence[0].Value));
        Assert.Contains(verdict.Evidence, line => line.Text == "JobStalled = 1");
        Assert.Equal(FaultClass.UserCodeHang, verdict.Causes[1].FaultClass);
    }

    [Fact]
    public void GpuOffTheBusSoonAfterADeployment_IsStillHardware_AndItsEvidenceTellsOfTheChange()
    {
        var verdict = AssertVerdict(
            VerdictKind.Hardware, FaultClass.GpuOffBus, Fleets.Gpu(3, 1),
            Make.Changed(Make.Job("a"), 0), Make.Xid79(Fleets.Gpu(3, 1), 90), Make.Vanished(Fleets.Gpu(3, 1), 110), Make.Stalled("a", 135));

        Assert.Contains(verdict.Evidence, line => line is { Kind: EvidenceKind.Counter, Text: "90 s before the first sign a was changed: A deploy: 1.0 to 1.1" });
        Assert.All(verdict.Causes.Where(cause => cause.FaultClass == FaultClass.BadChange), cause => Assert.InRange(cause.Probability, 0, 0.05));
    }

    [Fact]
    public void ManyGpusOfANodeFailAfterItsDriverWasChanged_ItIsTheChange_AndOneGpuIsThatGpu()
    {
        AssertVerdict(
            VerdictKind.NotHardware, FaultClass.BadChange, Make.Node(3),
            [Make.Changed(Make.Node(3), 0, "driver"), .. Enumerable.Range(0, 6).Select(gpu => Make.Xid(Fleets.Gpu(3, gpu), 119, FaultClass.GspTimeout, "critical", 300 + gpu)), Make.Stalled("a", 340)]);
        AssertVerdict(
            VerdictKind.Hardware, FaultClass.GspTimeout, Fleets.Gpu(5, 2),
            Make.Changed(Make.Node(5), 0, "driver"), Make.Xid(Fleets.Gpu(5, 2), 119, FaultClass.GspTimeout, "critical", 300), Make.Stalled("a", 340));
    }

    [Fact]
    public void JobThatIsStoppedForItsDeployment_AndThenHangs_IsTheChangeAfterAll()
    {
        var judge = new Judge(_view).Hear([Make.Changed(Make.Job("a"), 0), .. Enumerable.Range(0, 80).Select(i => Make.Xid45(Fleets.Gpu(i / 8, i % 8), 10 + (i * 0.01))), Make.Absent("a", 50)]);
        Assert.Equal((FaultClass.JobKilled, (EntityId?)Make.Job("a")), (Assert.Single(judge.Verdicts).FaultClass, judge.Verdicts[0].Entity));

        judge.Hear(Make.Stalled("a", judge.Seconds + 60));
        Assert.Equal((FaultClass.BadChange, 2), (Assert.Single(judge.Verdicts).FaultClass, judge.Verdicts[0].Revision));
    }

    [Fact]
    public void JobThatIsStoppedForItsDeployment_IsNotTheChangesFault() => AssertVerdict(
        VerdictKind.NotHardware, FaultClass.JobKilled, Make.Job("a"),
        [Make.Changed(Make.Job("a"), 0), .. Enumerable.Range(0, 80).Select(i => Make.Xid45(Fleets.Gpu(i / 8, i % 8), 10 + (i * 0.01))), Make.Absent("a", 50)]);

    [Fact]
    public void SlowRankAndNothingThatSaysWhy_IsNotKnown()
    {
        var verdict = Assert.Single(new Judge(_view).Hear(Make.StepSlow("a", 0), Make.Straggler(Fleets.Gpu(5, 2), 10)).Verdicts);

        Assert.Equal((VerdictKind.Unknown, null), (verdict.Kind, verdict.Entity));
        Assert.Equal("unclear: nothing seen says why; look at a first", verdict.Summary);
        Assert.NotEmpty(verdict.Evidence);
        // The work that a rank is given is uneven far more often than its GPU is slow.
        Assert.Equal([Make.Job("a"), Fleets.Gpu(5, 2)], verdict.Causes.Select(cause => cause.Entity));
        Assert.True(verdict.Causes[0].Score >= verdict.Causes[1].Score);
    }

    [Fact]
    public void AlertThatNamesNothingKnown_HasNoCandidate()
    {
        var verdict = Assert.Single(new Judge(_view).Hear(Make.Alert(null, "Somewhere", (FaultClass.GpuOffBus, "critical"), 0, cause: true)).Verdicts);

        Assert.Equal((VerdictKind.Unknown, FaultClass.Unknown, 0.0), (verdict.Kind, verdict.FaultClass, verdict.Confidence));
        Assert.Equal("no candidate: the alerts name nothing the topology knows", verdict.Summary);
    }

    [Fact]
    public void ThresholdAboveEveryConfidence_Abstains()
    {
        var verdict = Assert.Single(new Judge(_view, new IncidentsOptions { AbstainBelow = 1.1 }).Hear(Make.Xid79(Fleets.Gpu(3, 1), 0)).Verdicts);

        Assert.Equal((VerdictKind.Unknown, FaultClass.Unknown, null), (verdict.Kind, verdict.FaultClass, verdict.Entity));
        Assert.Equal(Fleets.Gpu(3, 1), verdict.Causes[0].Entity);
    }

    [Fact]
    public void TwoFaultsInOneJob_AreTwoVerdicts()
    {
        var verdicts = new Judge(_view).Hear(Make.Throttle(Fleets.Gpu(1, 0), 0), Make.StepSlow("a", 30), Make.Xid79(Fleets.Gpu(9, 5), 60), Make.Stalled("a", 100)).Verdicts;

        Assert.Equal(
            [(FaultClass.ThermalThrottle, Fleets.Gpu(1, 0)), (FaultClass.GpuOffBus, Fleets.Gpu(9, 5))],
            verdicts.Select(verdict => (verdict.FaultClass, verdict.Causes[0].Entity)));
    }

    [Fact]
    public void SymptomsAfterASureVerdict_DoNotRevise()
    {
        var judge = new Judge(_view).Hear(Make.Xid79(Fleets.Gpu(3, 1), 0), Make.Stalled("a", 45), Make.StepSlow("a", 60), Make.Absent("a", 90));

        Assert.Equal([1], judge.Changes.Where(change => change.Kind == IncidentChangeKind.VerdictReached).Select(change => change.Incident.Verdict!.Revision));
    }

    [Fact]
    public void Evidence_LinksToSourcesAndSaysWhatDidNotBreak()
    {
        var verdict = Assert.Single(new Judge(_view).Hear(Make.Xid79(Fleets.Gpu(3, 1), 0), Make.Vanished(Fleets.Gpu(3, 1), 20)).Verdicts);

        Assert.Equal([EvidenceKind.Counter, EvidenceKind.LogLine, EvidenceKind.Rule, EvidenceKind.Sample], verdict.Evidence.Select(line => line.Kind).Distinct().OrderBy(kind => kind.ToString()));
        Assert.All(verdict.Evidence, line => Assert.True(line.Reference.Length > 0 && line.Text.Length > 0));
        var counter = verdict.Evidence.Single(line => line.Kind == EvidenceKind.Counter);
        Assert.Equal(("7 of the 7 other GPUs of node-003 show nothing", "node:node-003"), (counter.Text, counter.Reference));
    }

    [Fact]
    public void AlertWithoutEvidence_IsItselfTheEvidence()
    {
        var alert = Make.Xid79(Fleets.Gpu(3, 1), 0) with { Evidence = [] };

        var line = Assert.Single(new Judge(_view).Hear(alert).Verdicts).Evidence[0];

        Assert.Equal((EvidenceKind.Alert, $"{alert.Fingerprint:x16}"), (line.Kind, line.Reference));
    }

    private Verdict AssertVerdict(VerdictKind kind, string faultClass, EntityId culprit, params IEnumerable<Alert> alerts)
    {
        var verdict = Assert.Single(new Judge(_view).Hear(alerts).Verdicts);
        Assert.Equal((kind, faultClass, (EntityId?)culprit), (verdict.Kind, verdict.FaultClass, verdict.Entity));
        Assert.Equal(culprit, verdict.Causes[0].Entity);
        Assert.NotEmpty(verdict.Evidence);
        Assert.InRange(verdict.Confidence, 0.5, 1);
        return verdict;
    }
}

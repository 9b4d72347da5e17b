using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Correlation;

public sealed class CorrelateTests
{
    private readonly TopologyView _view = Fleets.View(64, 8, ("a", 0, 20), ("b", 20, 20), ("c", 40, 20));

    /// <summary>A row that waits to be remapped stops nobody: what the job shows has another reason, whichever comes first.</summary>
    [Theory]
    [InlineData(0, 30)]
    [InlineData(30, 0)]
    public void RowRemapPendingInAJobThatFails_StaysApart(double remap, double fails)
    {
        var run = new Correlator(_view).Fire(
            Make.Xid(Fleets.Gpu(3, 1), 63, FaultClass.RowRemapPending, "warning", remap),
            Make.Alert(Make.Job("a"), "TrainTraceback", (FaultClass.UserCodeError, "warning"), fails, origin: AlertOrigin.Event));

        Assert.Equal(["TrainTraceback@job:a", "xid:63@gpu:GPU-003-1"], run.Until(120).Groups);
    }

    [Fact]
    public void FaultAndWhatItsJobShows_AreOneIncident()
    {
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 1), 0), Make.Vanished(Fleets.Gpu(3, 1), 20), Make.Stalled("a", 45), Make.NoProgress("a", 190));

        Assert.Equal(4, Assert.Single(run.Members).Value.Count);
        Assert.Equal("JobStalled: same job a", run.Changes.Single(change => change.Alert?.Alert.Name == "JobStalled").Reason);
    }

    [Fact]
    public void GpuOffTheBusKnownByItsLogLineOnly_StillExplainsItsJobAfterThreeMinutes()
    {
        // 170 s later JobNoProgress became an incident of its own, "user_code_hang 99 %".
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 1), 0), Make.NoProgress("a", 170), Make.NcclTimeout("a", 600));

        Assert.Equal(3, Assert.Single(run.Members).Value.Count);
    }

    [Fact]
    public void GpuIsMeasuredToBeBack_ALaterHangIsAnotherStory()
    {
        var vanished = Make.Vanished(Fleets.Gpu(3, 1), 20);
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 1), 0), vanished).End(vanished, 100).Fire(Make.NoProgress("a", 230));

        Assert.Equal(["JobNoProgress@job:a", "GpuVanished xid:79"], run.Groups.Select(group => group.Contains("xid", StringComparison.Ordinal) ? "GpuVanished xid:79" : group).OrderByDescending(group => group.StartsWith("Job", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(300, 1)] // the job starts anew, and needs a while
    [InlineData(400, 2)]
    public void NodeBootsAndEndsWhatItsLogSaid_WhatItsJobShowsSoonAfterIsStillOfIt(double later, int incidents)
    {
        var xid = Make.Xid(Fleets.Gpu(3, 1), 119, FaultClass.GspTimeout, "critical", 0);
        var run = new Correlator(_view).Fire(xid, Make.StepSlow("a", 40)).End(xid, 200).Fire(Make.NoProgress("a", later)).Until(later + 40);

        Assert.Equal(incidents, run.Groups.Count());
    }

    [Fact]
    public void JobRunsAgain_WhatTheLogSaidIsHealed()
    {
        var stalled = Make.Stalled("a", 45);
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 1), 0), stalled).End(stalled, 100).Fire(Make.Stalled("a", 250));

        Assert.Equal(2, run.Changes.Count(change => change.Kind == IncidentChangeKind.Opened));
    }

    [Fact]
    public void TwoFaultsInOneJob_StayApartAndEachGetsWhatFollowsIt()
    {
        var run = new Correlator(_view).Fire(
            Make.Throttle(Fleets.Gpu(1, 0), 0), Make.StepSlow("a", 30), Make.Xid79(Fleets.Gpu(9, 5), 60), Make.Stalled("a", 100));

        Assert.Equal(
            ["GpuThermalThrottle@gpu:GPU-001-0 JobStepSlow@job:a", "JobStalled@job:a xid:79@gpu:GPU-009-5"], run.Groups);
    }

    [Fact]
    public void RemarkThatCameBeforeItsIncident_BelongsToIt()
    {
        // Adapters lose packets before anybody sees that the job is slow; the slow job was judged without them.
        Alert[] lossy = [.. new[] { 1, 4, 7 }.Select(node => Make.Alert(Fleets.Nic(node, 4), "NicSequenceErrors", (FaultClass.LeafFlap, "info"), 0))];
        var run = new Correlator(_view).Fire([.. lossy, Make.StepSlow("a", 20)]).Until(60);

        Assert.Equal(4, Assert.Single(run.Members).Value.Count);
    }

    [Fact]
    public void RemarkThatIsOverOrOld_StaysAlone()
    {
        var over = Make.Alert(Fleets.Nic(1, 4), "NicSequenceErrors", (FaultClass.LeafFlap, "info"), 0);
        var old = Make.Alert(Fleets.Nic(4, 5), "NicSequenceErrors", (FaultClass.LeafFlap, "info"), 1);
        var run = new Correlator(_view).Fire(over, old).End(over, 30).Fire(Make.StepSlow("a", 260)).Until(300);

        Assert.Equal(["JobStepSlow@job:a"], run.Groups);
    }

    [Fact]
    public void FaultsOfTwoJobs_StayApart()
    {
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(1, 0), 0), Make.Xid79(Fleets.Gpu(30, 0), 1), Make.Stalled("b", 40), Make.Stalled("a", 41));

        Assert.Equal(["JobStalled@job:a xid:79@gpu:GPU-001-0", "JobStalled@job:b xid:79@gpu:GPU-030-0"], run.Groups);
    }

    [Fact]
    public void TwoGpusOfOneNode_AreOneIncident() =>
        Assert.Single(new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 1), 0), Make.Xid79(Fleets.Gpu(3, 2), 2)).Members);

    [Theory]
    [InlineData(20, 1)]
    [InlineData(70, 2)]
    public void AnotherKindOfFaultOnAnotherPartOfTheNode_IsOneBlowOnlyWhereItComesAtOnce(double later, int incidents) =>
        Assert.Equal(incidents, new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 1), 0), Make.Throttle(Fleets.Gpu(3, 2), later)).Members.Count);

    [Fact]
    public void FaultOfItsOwnOnTheSameNode_TakesAlongWhatItsPartSaidBefore()
    {
        var remark = Make.Alert(Fleets.Nic(3, 4), "NicAckTimeouts", (FaultClass.SlowNic, "warning"), 20);
        var run = new Correlator(_view).Fire(
            Make.Throttle(Fleets.Gpu(3, 2), 0), remark, Make.Alert(Fleets.Nic(3, 4), "NicRateDegraded", (FaultClass.SlowNic, "warning"), 70, cause: true));

        Assert.Equal(["GpuThermalThrottle@gpu:GPU-003-2", "NicAckTimeouts@nic:node-003/mlx5_4 NicRateDegraded@nic:node-003/mlx5_4"], run.Groups);
    }

    [Fact]
    public void LeafFlapOn32Nodes_IsOneIncidentWithTheJobsItStops()
    {
        var ports = Enumerable.Range(0, 32).SelectMany(node => new[] { Make.LinkDown(Fleets.Nic(node, 4), node * 0.05), Make.NicLinkDown(Fleets.Nic(node, 4), 10) });
        var run = new Correlator(_view).Fire([.. ports, Make.Stalled("a", 45), Make.Stalled("b", 46)]);

        Assert.Equal(66, Assert.Single(run.Members).Value.Count);
        Assert.Equal(["job:a", "job:b"], run.Changes[^1].Incident.Jobs.Select(job => job.ToString()));
    }

    [Fact]
    public void GpuFailsWhileALeafFlaps_IsAnIncidentOfItsOwn()
    {
        var ports = Enumerable.Range(0, 32).Select(node => Make.LinkDown(Fleets.Nic(node, 4), 0));
        var run = new Correlator(_view).Fire([.. ports, Make.Throttle(Fleets.Gpu(7, 7), 20)]);

        Assert.Equal([1, 32], run.Members.Values.Select(group => group.Count).Order());
    }

    [Fact]
    public void CauseComesAfterItsSymptoms_TakesThemOver()
    {
        var run = new Correlator(_view).Fire(Make.Stalled("a", 0), Make.Straggler(Fleets.Gpu(5, 2), 5), Make.Xid79(Fleets.Gpu(5, 2), 20));

        Assert.Equal(3, Assert.Single(run.Members).Value.Count);
    }

    [Fact]
    public void AlertArrivesAMinuteLate_JoinsWhatItBelongsTo()
    {
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(5, 2), 0), Make.Stalled("a", 40)).FireAt(100, [Make.Vanished(Fleets.Gpu(5, 2), 25)]);

        Assert.Equal(3, Assert.Single(run.Members).Value.Count);
    }

    [Fact]
    public void EchoOfAKilledJob_SaysNothingOfItsGpus()
    {
        var echoes = Enumerable.Range(0, 40).Select(i => Make.Xid45(Fleets.Gpu(i / 8, i % 8), i * 0.05));
        var run = new Correlator(_view).Fire([.. echoes, Make.Absent("a", 60), Make.NoProgress("a", 180)]);

        Assert.Equal(42, Assert.Single(run.Members).Value.Count);
        Assert.Equal(2, new Correlator(_view).Fire([.. echoes, Make.Absent("a", 60), Make.Xid79(Fleets.Gpu(2, 3), 400)]).Members.Count);
    }

    [Fact]
    public void SymptomConnectsTwoIncidentsWithoutACause_TheyMergeWithAReason()
    {
        var run = new Correlator(_view).Fire(Make.Stalled("b", 0)).FireAt(10, [Make.LinkDown(Fleets.Nic(5, 0), 10)]).FireAt(11, [Make.LinkDown(Fleets.Nic(21, 0), 11)]);

        var merged = Assert.Single(run.Changes, change => change.Kind == IncidentChangeKind.Merged);
        Assert.Equal("mlx5:link_down connects them: same job b", merged.Reason);
        Assert.Equal(IncidentState.Merged, merged.Incident.State);
        Assert.Equal(3, Assert.Single(run.Members, group => group.Key == merged.Incident.MergedInto).Value.Count);
    }

    [Fact]
    public void SecondCauseShowsWhileTheFirstStillGathers_SymptomsGoToTheOneTheyFit()
    {
        // The thermal alert came first and took the halt; the GPU that fell off the bus explains it.
        var run = new Correlator(_view).FireAt(0, [Make.Stalled("a", 0), Make.Throttle(Fleets.Gpu(1, 0), 0), Make.Xid79(Fleets.Gpu(9, 5), 0)]).Until(10);

        Assert.Equal(["GpuThermalThrottle@gpu:GPU-001-0", "JobStalled@job:a xid:79@gpu:GPU-009-5"], run.Groups);
        Assert.Contains(run.Changes, change => change.Kind == IncidentChangeKind.Split && change.Reason.StartsWith("JobStalled: went to INC-", StringComparison.Ordinal));
    }

    [Fact]
    public void RemarkAlone_OpensNothing() =>
        Assert.Empty(new Correlator(_view).Fire(Make.Alert(Fleets.Gpu(0, 0), "GpuEccSingleBitRate", (FaultClass.EccContained, "info"), 0)).Changes);

    [Fact]
    public void AlertWithoutAPlace_OpensAnIncidentOfItsOwn()
    {
        var run = new Correlator(_view).Fire(Make.Alert(null, "Somewhere", (FaultClass.Unknown, "warning"), 0), Make.Xid79(Fleets.Gpu(0, 0), 1));

        Assert.Equal(2, run.Members.Count);
    }

    [Theory]
    [InlineData(20, 1)]
    [InlineData(240, 2)]
    public void MonitorThatHasLongBeenSilent_IsNoPartOfWhatItsNodesDevicesShowNext(double later, int incidents)
    {
        var silent = Make.Silent(Make.Monitor(3), 0);
        Assert.Equal(incidents, new Correlator(_view).Fire(silent, Make.LinkDown(Fleets.Nic(3, 0), later)).Members.Count);
        Assert.Equal(incidents, new Correlator(_view).Fire(silent, Make.Xid79(Fleets.Gpu(3, 1), later)).Members.Count);
    }

    [Fact]
    public void LeafFlapsWhileANodeBelowItIsIll_IsAnIncidentOfItsOwn()
    {
        // The port of the ill node came first, took the others after it, and the flap had no incident.
        var run = new Correlator(_view).Fire(
            Make.NicErrors(Fleets.Nic(3, 5), 0), Make.LinkDown(Fleets.Nic(3, 0), 200), Make.LinkDown(Fleets.Nic(4, 0), 200), Make.LinkDown(Fleets.Nic(5, 0), 201));

        Assert.Equal([1, 3], run.Members.Values.Select(members => members.Count).Order());
    }

    [Fact]
    public void SilentMonitor_IsNoPartOfWhatTheJobOnItsNodeShows() =>
        Assert.Equal(2, new Correlator(_view).Fire(Make.Silent(Make.Monitor(3), 0), Make.Stalled("a", 10)).Members.Count);

    [Fact]
    public void BurningBudget_JoinsWhatIsOpen()
    {
        var burn = Make.Alert(Make.Job("a"), "BudgetBurn", (FaultClass.Unknown, "warning"), 60, origin: AlertOrigin.Slo);

        Assert.Single(new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 0), 0), burn).Members);
    }

    [Fact]
    public void Incident_SettlesSoonWithACauseAndLaterWithout()
    {
        DateTimeOffset SettledAt(Alert alert) => new Correlator(_view).Fire(alert).Until(40).Changes.Single(change => change.Kind == IncidentChangeKind.Settled).At;

        Assert.Equal(Make.At(5), SettledAt(Make.Xid79(Fleets.Gpu(3, 0), 0)));
        Assert.Equal(Make.At(30), SettledAt(Make.Stalled("a", 0)));
    }

    [Fact]
    public void AllAlertsHaveEnded_IncidentIsOverAfterAQuietMinute()
    {
        var cause = Make.Throttle(Fleets.Gpu(3, 0), 0);
        var run = new Correlator(_view).Fire(cause).End(cause, 50).Until(200);

        var resolved = Assert.Single(run.Changes, change => change.Kind == IncidentChangeKind.Resolved);
        Assert.Equal((Make.At(110), (DateTimeOffset?)Make.At(50), 0), (resolved.At, resolved.Incident.ResolvedAt, resolved.Incident.FiringCount));
    }

    [Fact]
    public void EventWithoutAnEnd_HoldsAsLongAsATimeoutMayLast()
    {
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 0), 0)).Until(900);

        Assert.Equal(Make.At(720), Assert.Single(run.Changes, change => change.Kind == IncidentChangeKind.Resolved).At);
    }

    [Fact]
    public void People_AcknowledgeAssignAndAnnotate()
    {
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 0), 0));
        Incident Tell(Command command) => Assert.Single(run.Stage.Accept(command, Make.At(1))).Incident;

        Assert.Equal("ana", Tell(new AcknowledgeIncident("INC-000001") { Actor = "ana", Door = "console", At = Make.At(1) }).AcknowledgedBy);
        Assert.Equal("bo", Tell(new AssignIncident("INC-000001", "bo") { Actor = "ana", Door = "console", At = Make.At(1) }).Assignee);
        Assert.Equal(new IncidentNote(Make.At(1), "ana", "seen"), Assert.Single(Tell(new AnnotateIncident("INC-000001", "seen") { Actor = "ana", Door = "console", At = Make.At(1) }).Notes));
        Assert.Empty(run.Stage.Accept(new AcknowledgeIncident("INC-000009") { Actor = "ana", Door = "console", At = Make.At(1) }, Make.At(1)));
    }
}

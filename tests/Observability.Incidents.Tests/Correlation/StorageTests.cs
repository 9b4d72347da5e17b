using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Correlation;

/// <summary>Jobs that wait for one storage are one incident; those that wait for another, or for themselves, are not.</summary>
public sealed class StorageTests
{
    private readonly TopologyView _view = Fleets.View(64, 8, ("a", 0, 20), ("b", 20, 20), ("c", 40, 20));

    public StorageTests()
    {
        _view.Apply(Make.Mounts("fs-0", 0, 40));
        _view.Apply(Make.Mounts("fs-1", 40, 24));
    }

    [Theory]
    [InlineData(15)] // the storage's own alert comes first
    [InlineData(60)] // last
    [InlineData(null)] // never
    public void JobsThatWaitForOneStorage_AreOneIncidentWhateverCameFirst(int? told)
    {
        Alert[] alerts = [Make.StorageStall("a", 45), Make.StorageStall("b", 50), .. told is { } at ? new[] { Make.NotAnswering("fs-0", at) } : []];

        Assert.Equal([string.Join(' ', alerts.Select(Correlator.NameOf).Order(StringComparer.Ordinal))], new Correlator(_view).Fire(alerts).Until(120).Groups);
    }

    [Fact]
    public void WhatTheWaitingJobsShow_GoesWithTheirStorage()
    {
        var run = new Correlator(_view).Fire(Make.StepSlow("b", 10), Make.NotAnswering("fs-0", 15), Make.NoProgress("a", 180)).Until(240);

        Assert.Equal(["JobNoProgress@job:a JobStepSlow@job:b StorageNotAnswering@storage:fs-0"], run.Groups);
    }

    [Fact]
    public void JobThatWaitsForOtherStorage_IsAnIncidentOfItsOwn() => Assert.Equal(
        ["JobStorageStall@job:a JobStorageStall@job:b", "JobStorageStall@job:c"],
        new Correlator(_view).Fire(Make.StorageStall("a", 0), Make.StorageStall("b", 5), Make.StorageStall("c", 6)).Until(60).Groups);

    [Fact]
    public void JobsThatBeginToWaitLongAfterEachOther_AreTwoIncidents_UnlessTheStorageItselfIsKnownToBeIll()
    {
        Alert[] apart = [Make.StorageStall("a", 0), Make.StorageStall("b", 400)];

        Assert.Equal(2, new Correlator(_view).Fire(apart).Until(460).Groups.Count());
        Assert.Single(new Correlator(_view).Fire([Make.NotAnswering("fs-0", 1), .. apart]).Until(460).Groups);
    }

    [Fact]
    public void DeviceFaultInAWaitingJob_StaysApart() => Assert.Equal(
        ["GpuVanished@gpu:GPU-003-1 xid:79@gpu:GPU-003-1", "JobStorageStall@job:a StorageNotAnswering@storage:fs-0"],
        new Correlator(_view).Fire(Make.NotAnswering("fs-0", 15), Make.Xid79(Fleets.Gpu(3, 1), 40), Make.StorageStall("a", 45), Make.Vanished(Fleets.Gpu(3, 1), 50)).Until(120).Groups);

    /// <summary>A link that flaps has not said its cause yet, and storage is none.</summary>
    [Fact]
    public void StorageDoesNotAnswerWhileALinkFlaps_AreTwoIncidents() => Assert.Equal(
        ["JobStorageStall@job:a StorageNotAnswering@storage:fs-0", "NicLinkDown@nic:node-002/mlx5_5 mlx5:link_down@nic:node-002/mlx5_5"],
        new Correlator(_view).Fire(Make.LinkDown(Fleets.Nic(2, 5), 0), Make.NicLinkDown(Fleets.Nic(2, 5), 20), Make.NotAnswering("fs-0", 45), Make.StorageStall("a", 60)).Until(120).Groups);

    /// <summary>Slow input is a job's own matter, whatever it mounts.</summary>
    [Fact]
    public void JobsWithSlowInput_AreNotJoined() =>
        Assert.Equal(2, new Correlator(_view).Fire(Make.DataStall("a", 0), Make.DataStall("b", 3)).Until(60).Groups.Count());
}

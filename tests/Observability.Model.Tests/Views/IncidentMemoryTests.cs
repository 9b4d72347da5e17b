using System.Collections.Immutable;

namespace Observability.Model.Tests;

public sealed class IncidentMemoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private PlatformSnapshot _snapshot = PlatformSnapshot.Empty(Start);
    private ulong _alerts;

    [Fact]
    public void Similar_IsTheOneWithTheSameRareSigns_AndTellsWhatFixedIt()
    {
        Add("INC-000001", "gpu_off_bus", "gpu-a", ["Xid79", "NodeGpuLost"], runbook: "gpu-off-bus");
        Add("INC-000002", "slow_nic", "nic-b", ["NicErrorsRising"]);
        Add("INC-000003", "user_code_error", "job", ["NodeGpuLost", "Xid31"], VerdictKind.NotHardware);
        Add("INC-000004", "gpu_off_bus", "gpu-a", ["Xid79"]);

        var similar = IncidentMemory.Similar(_snapshot, "INC-000004", 5);

        Assert.Equal("INC-000001", similar[0].Incident.Id);
        Assert.True(similar[0].IsSameDevice);
        Assert.Equal("gpu-off-bus", Assert.Single(similar[0].Runs).RunbookId);
        Assert.DoesNotContain(similar, one => one.Incident.Id == "INC-000003");
    }

    [Fact]
    public void Similar_LooksBackOnly_AndAtNothingForAnUnknownIncident()
    {
        Add("INC-000001", "slow_nic", "nic-a", ["NicErrorsRising"]);
        Add("INC-000002", "slow_nic", "nic-a", ["NicErrorsRising"]);

        Assert.Empty(IncidentMemory.Similar(_snapshot, "INC-000001", 5));
        Assert.Equal(1, Assert.Single(IncidentMemory.Similar(_snapshot, "INC-000002", 5)).Similarity, 9);
        Assert.Empty(IncidentMemory.Similar(_snapshot, "INC-999999", 5));
    }

    [Fact]
    public void LemonScores_OneNodeThatComesBack_StandsOut()
    {
        var entities = Enumerable.Range(0, 100).SelectMany(i => (EntityId[])[new(EntityKind.Node, $"n{i}"), new(EntityKind.Gpu, $"g{i}")]).Select(id => new Entity(id, id.Name, LabelSet.Empty));
        var edges = Enumerable.Range(0, 100).Select(i => new TopologyEdge(new(EntityKind.Gpu, $"g{i}"), EdgeKind.PartOf, new(EntityKind.Node, $"n{i}"), Start));
        _snapshot = _snapshot with { Topology = Topology.Empty.Apply(new TopologyChange(Start, "test", [.. entities], [.. edges])) };
        for (var i = 0; i < 5; i++)
            Add($"INC-00001{i}", "ecc_uncontained", "g7", ["Xid95"]);
        for (var i = 0; i < 5; i++)
            Add($"INC-00002{i}", "gpu_off_bus", $"g{i + 20}", ["Xid79"]);
        Add("INC-000030", "user_code_error", "g9", ["Xid31"], VerdictKind.NotHardware);

        var records = LemonScores.Of(_snapshot);

        Assert.Equal(["gpu:g7 5", "node:n7 5"], records.Take(2).Select(record => $"{record.Entity} {record.Incidents}").Order(StringComparer.Ordinal));
        Assert.All(records.Take(2), record => Assert.True(record.LemonScore > 0.999, $"{record.LemonScore}"));
        // 5 incidents of the other 99: P(X < 1) for a mean of 9/99.
        var once = records.First(record => record.Entity.Name == "g20");
        Assert.Equal(Math.Exp(-9.0 / 99), once.LemonScore, 9);
        Assert.DoesNotContain(records, record => record.Entity.Name == "g9");
    }

    [Fact]
    public void LemonScores_TwoGpusFailInOneSlot_TheSlotStandsOut()
    {
        var entities = Enumerable.Range(0, 64).Select(i => new Entity(new(EntityKind.Gpu, $"g{i}"), $"g{i}", LabelSet.Of(("node", $"n{i / 8}"), ("gpu", $"{i % 8}"))))
            .Append(new Entity(new(EntityKind.Gpu, "g-new"), "g-new", LabelSet.Of(("node", "n2"), ("gpu", "4")))).Append(new Entity(new(EntityKind.Nic, "nic-1"), "nic-1", LabelSet.Empty));
        var cable = new TopologyEdge(new(EntityKind.Nic, "nic-1"), EdgeKind.Connects, new(EntityKind.Switch, "leaf-1"), Start);
        _snapshot = _snapshot with { Topology = Topology.Empty.Apply(new TopologyChange(Start, "test", [.. entities], [cable])) };
        Add("INC-000001", "gpu_off_bus", "g20", ["Xid79"]);
        Add("INC-000002", "gpu_off_bus", "g-new", ["Xid79"]);
        Add("INC-000003", "slow_nic", "nic-1", ["NicErrorsRising"]);

        var records = LemonScores.Of(_snapshot);

        Assert.Equal("slot:n2/4 2", $"{records[0].Entity} {records[0].Incidents}");
        Assert.Contains(records, record => record.Entity == new EntityId(EntityKind.Cable, "nic-1 to leaf-1"));
    }

    private void Add(string id, string faultClass, string culprit, string[] alerts, VerdictKind kind = VerdictKind.Hardware, string runbook = "")
    {
        var at = Start.AddMinutes(_snapshot.Incidents.Count);
        var entity = new EntityId(culprit.StartsWith('n') ? EntityKind.Nic : culprit == "job" ? EntityKind.Job : EntityKind.Gpu, culprit);
        var keys = ImmutableList<ulong>.Empty;
        foreach (var name in alerts)
        {
            var alert = new Alert { Labels = LabelSet.Of(("alertname", name), ("incident", id)), Origin = AlertOrigin.Rule, State = AlertState.Firing, StartsAt = at, UpdatedAt = at, Entity = entity };
            _snapshot = _snapshot with { Alerts = _snapshot.Alerts.SetItem(++_alerts, new AlertView(alert, [], 1, id)) };
            keys = keys.Add(_alerts);
        }

        var incident = new Incident
        {
            Id = id,
            State = IncidentState.Open,
            StartedAt = at,
            OpenedAt = at,
            UpdatedAt = at,
            Title = id,
            Severity = "critical",
            Entities = [entity],
            Verdict = new Verdict { IncidentId = id, Revision = 1, Kind = kind, FaultClass = faultClass, Entity = entity, Confidence = 0.9, DecidedAt = at, Summary = "" },
        };
        var run = new RunbookExecution { Id = $"{id}/{runbook}/1", IncidentId = id, RunbookId = runbook, Target = entity, Strategy = Strategy.Act, State = ExecutionState.Succeeded, Reason = "", CreatedAt = at, UpdatedAt = at };
        if (runbook.Length > 0)
            _snapshot = _snapshot with { Executions = _snapshot.Executions.SetItem(run.Id, run) };
        _snapshot = _snapshot with
        {
            Incidents = _snapshot.Incidents.SetItem(id, new IncidentView { Incident = incident, Alerts = keys, Executions = runbook.Length > 0 ? [run.Id] : [] }),
        };
    }
}

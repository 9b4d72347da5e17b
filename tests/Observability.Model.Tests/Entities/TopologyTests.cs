using Observability.Testing;

namespace Observability.Model.Tests;

public sealed class TopologyTests
{
    private readonly Topology _fleet = Fleets.View(40, 8, ("llm", 0, 2)).Current;

    /// <summary>Storage touches the jobs of the nodes that mount it, and takes no name away from a node or a job.</summary>
    [Fact]
    public void Storage_HasTheJobsOfTheNodesThatMountIt()
    {
        var (data, home) = (new EntityId(EntityKind.Storage, "a"), new EntityId(EntityKind.Storage, "nas:/home"));
        TopologyEdge Mounts(int node, EntityId storage) => new(new EntityId(EntityKind.Node, Fleets.Node(node)), EdgeKind.Mounts, storage, Fleets.Start);
        var graph = Fleets.View(6, 8, ("a", 0, 2), ("b", 2, 2), ("c", 4, 2)).Apply(new TopologyChange(
            Fleets.Start, "test", [new Entity(data, "a", LabelSet.Empty), new Entity(home, "home", LabelSet.Empty)],
            [Mounts(1, data), Mounts(2, data), .. Enumerable.Range(0, 6).Select(node => Mounts(node, home))]));

        Assert.Equal(["job:a", "job:b"], graph.JobsOn(data).Select(job => $"{job}"));
        Assert.Equal(["job:a", "job:b", "job:c"], graph.JobsOn(home).Select(job => $"{job}"));
        Assert.Equal([data, home], graph.StorageOf(new EntityId(EntityKind.Job, "a")).Order());
        Assert.Equal([home], graph.StorageOf(new EntityId(EntityKind.Job, "c")));
        Assert.Equal(EntityKind.Job, graph.Locate(LabelSet.Of(("job_name", "a")))!.Value.Kind);
    }

    [Fact]
    public void Locate_Uuid_IsTheGpu() =>
        Assert.Equal(Fleets.Gpu(1, 3), _fleet.Locate(LabelSet.Of(("UUID", "GPU-001-3"), ("node", "node-001"))));

    [Theory]
    [InlineData("0000:13:00")]
    [InlineData("00000000:13:00.0")]
    [InlineData("0000:13:00.0")]
    public void Locate_PciAddressInAnySpelling_IsTheGpu(string address) =>
        Assert.Equal(Fleets.Gpu(1, 3), _fleet.Locate(LabelSet.Of(("pci_bus_id", address), ("node", "node-001"))));

    [Fact]
    public void Locate_NicDevice_IsTheNic() =>
        Assert.Equal(Fleets.Nic(2, 5), _fleet.Locate(LabelSet.Of(("device", "mlx5_5"), ("node", "node-002"))));

    [Fact]
    public void Locate_NodeOnly_IsTheNode() =>
        Assert.Equal(new EntityId(EntityKind.Node, "node-002"), _fleet.Locate(LabelSet.Of(("node", "node-002"), ("device", "eth9"))));

    [Fact]
    public void Locate_JobAndRank_IsTheRank() =>
        Assert.Equal(new EntityId(EntityKind.Rank, "llm/9"), _fleet.Locate(LabelSet.Of(("job_name", "llm"), ("rank", "9"))));

    [Theory]
    [InlineData("app", "llm", "job:llm")]
    [InlineData("repository", "ml/llm", "job:llm")]
    [InlineData("repository", "shop/cart", "service:cart")]
    [InlineData("app", "node-001", null)] // an application is no node
    [InlineData("repository", "shop/", null)]
    public void Locate_ApplicationOrRepository_IsTheJobOrServiceOfThatName(string label, string value, string? expected)
    {
        var graph = _fleet.Apply(new TopologyChange(Fleets.Start, "test", [new Entity(new EntityId(EntityKind.Service, "cart"), "cart", LabelSet.Empty)], []));

        Assert.Equal(expected, graph.Locate(LabelSet.Of((label, value)))?.ToString());
    }

    [Fact]
    public void Locate_ServiceOfThatName_IsTheServiceWhereNothingElseIsNamed()
    {
        // A service may be called as a node or a job is.
        var graph = _fleet.Apply(new TopologyChange(Fleets.Start, "calls", [.. new[] { "cart", "llm", "node-002" }.Select(name => new Entity(new EntityId(EntityKind.Service, name), name, LabelSet.Empty))], []));

        Assert.Equal(new EntityId(EntityKind.Service, "cart"), graph.Locate(LabelSet.Of(("service_name", "cart"), ("service", "kube-cart"), ("instance", "10.0.0.1:80"))));
        Assert.Equal(new EntityId(EntityKind.Job, "llm"), graph.Locate(LabelSet.Of(("job_name", "llm"), ("service", "cart"))));
        Assert.Equal(new EntityId(EntityKind.Node, "node-002"), graph.Locate(LabelSet.Of(("node", "node-002"), ("service", "cart"))));
        Assert.Null(graph.Locate(LabelSet.Of(("service", "kube-cart"))));
    }

    [Fact]
    public void Locate_NothingKnown_IsNull() => Assert.Null(_fleet.Locate(LabelSet.Of(("node", "elsewhere"))));

    [Fact]
    public void NodeOf_RankGpuNicAndMonitor_IsTheirNode()
    {
        var node = new EntityId(EntityKind.Node, "node-001");

        Assert.Equal(node, _fleet.NodeOf(new EntityId(EntityKind.Rank, "llm/9")));
        Assert.Equal(node, _fleet.NodeOf(Fleets.Gpu(1, 0)));
        Assert.Equal(node, _fleet.NodeOf(Fleets.Nic(1, 0)));
        Assert.Equal(node, _fleet.NodeOf(new EntityId(EntityKind.Monitor, "node-001/dcgm")));
        Assert.Null(_fleet.NodeOf(new EntityId(EntityKind.Switch, "leaf-0-r0")));
    }

    [Fact]
    public void JobsOn_GpuNicNodeAndLeaf_AreTheJobsWithRanksThere()
    {
        var job = new EntityId(EntityKind.Job, "llm");

        Assert.Equal([job], _fleet.JobsOn(Fleets.Gpu(1, 0)));
        Assert.Equal([job], _fleet.JobsOn(Fleets.Nic(1, 0)));
        Assert.Equal([job], _fleet.JobsOn(new EntityId(EntityKind.Switch, "leaf-0-r0")));
        Assert.Empty(_fleet.JobsOn(Fleets.Gpu(2, 0)));
    }

    [Fact]
    public void Contains_LeafAndRack_HoldWhatHangsOnThem()
    {
        Assert.True(_fleet.Contains(new EntityId(EntityKind.Switch, "leaf-0-r3"), Fleets.Nic(31, 3)));
        Assert.False(_fleet.Contains(new EntityId(EntityKind.Switch, "leaf-0-r3"), Fleets.Nic(32, 3)));
        Assert.True(_fleet.Contains(new EntityId(EntityKind.Rack, "rack-00"), Fleets.Gpu(3, 0)));
    }

    [Fact]
    public void Apply_EdgeWithAnEnd_EndsTheRelation()
    {
        var rank = new EntityId(EntityKind.Rank, "llm/0");
        var moved = _fleet.Apply(new TopologyChange(Fleets.Start, "test", [],
        [
            new TopologyEdge(rank, EdgeKind.RunsOn, Fleets.Gpu(0, 0), Fleets.Start, Fleets.Start.AddHours(1)),
            new TopologyEdge(rank, EdgeKind.RunsOn, Fleets.Gpu(9, 0), Fleets.Start.AddHours(1)),
        ]));

        Assert.Equal([Fleets.Gpu(9, 0)], moved.Out(rank, EdgeKind.RunsOn));
        Assert.Empty(moved.In(Fleets.Gpu(0, 0), EdgeKind.RunsOn));
        Assert.Equal([Fleets.Gpu(0, 0)], _fleet.Out(rank, EdgeKind.RunsOn));
    }

    [Fact]
    public void Apply_Removed_TakesEdgesAndAliasesAlong()
    {
        var gone = _fleet.Apply(new TopologyChange(Fleets.Start, "test", [], []) { Removed = [Fleets.Gpu(1, 3)] });

        Assert.Null(gone.Find(Fleets.Gpu(1, 3)));
        Assert.Equal(new EntityId(EntityKind.Node, "node-001"), gone.Locate(LabelSet.Of(("UUID", "GPU-001-3"), ("node", "node-001"))));
        Assert.DoesNotContain(Fleets.Gpu(1, 3), gone.In(new EntityId(EntityKind.Node, "node-001"), EdgeKind.PartOf));
    }

    [Fact]
    public void ToChange_AppliedToNothing_GivesTheSameGraph()
    {
        var again = Topology.Empty.Apply(_fleet.ToChange(Fleets.Start, "snapshot"));

        Assert.Equal(_fleet.Entities.OrderBy(pair => pair.Key), again.Entities.OrderBy(pair => pair.Key));
        Assert.All(_fleet.Entities.Keys, id => Assert.Equal(
            _fleet.EdgesOf(id).Select(edge => edge.ToString()).Order(), again.EdgesOf(id).Select(edge => edge.ToString()).Order()));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void Apply_ManyChangesAtOneEnd_GivesWhatOneEdgeAfterAnotherGives(int ranks)
    {
        var random = new Random(ranks);
        var job = new EntityId(EntityKind.Job, "j");
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        TopologyEdge[] edges = [.. Enumerable.Range(0, 10 * ranks).Select(_ => new TopologyEdge(
            new EntityId(EntityKind.Rank, $"j/{random.Next(ranks)}"), EdgeKind.MemberOf, job, at, random.Next(4) == 0 ? at.AddHours(1) : null))];

        var expected = new List<EntityId>();
        foreach (var edge in edges)
        {
            expected.Remove(edge.From);
            if (edge.ValidTo is null)
                expected.Add(edge.From);
        }

        var atOnce = Topology.Empty.Apply(new TopologyChange(at, "test", [], [.. edges]));
        var inParts = edges.Chunk(7).Aggregate(Topology.Empty, (graph, part) => graph.Apply(new TopologyChange(at, "test", [], [.. part])));
        Assert.Equal(expected, atOnce.In(job, EdgeKind.MemberOf));
        Assert.Equal(expected, inParts.In(job, EdgeKind.MemberOf));
    }
}

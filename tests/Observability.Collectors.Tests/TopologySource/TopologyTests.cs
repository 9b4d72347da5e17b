using Observability.Model;
using Observability.Testing;

namespace Observability.Collectors.Tests;

public sealed class TopologyTests : IDisposable
{
    private const string Small = """
        {"entities":[{"id":"node:n","name":"n","attributes":{"rack":"r"}},{"id":"rack:r"}],"edges":[{"from":"node:n","kind":"part_of","to":"rack:r"}]}
        """;

    private static readonly EntityId Node = new(EntityKind.Node, "n");
    private static readonly EntityId Rack = new(EntityKind.Rack, "r");
    private readonly World _world = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Read_EveryFault_IsNamedWithItsPlace()
    {
        var (_, errors) = TopologyDocument.Read(
            World.Utf8("""{"entitys":[],"entities":[{"id":"gpux:1"},{"id":"node:n","attributes":{"a":[]}},{"id":"node:n"},3],"edges":[{"from":"node:n","kind":"near","to":"rack:r"}]}"""),
            "t", World.Start);

        Assert.Equal(
            [
                "$.entitys is unknown; write entities or edges",
                "$.entities[0].id 'gpux:1' is not an entity; write kind:name, for example node:node-001",
                "$.entities[1].attributes.a must be a string, not Array",
                "$.entities[2].id 'node:n' appears twice",
                "$.entities[3] must be an object",
                "$.edges[0].to 'rack:r' is not among the entities",
                "$.edges[0].kind 'near' is unknown; write part_of, connects, runs_on, member_of, watches, calls or mounts",
            ],
            errors);
    }

    [Fact]
    public async Task Follow_ReloadedFile_HandsOnOnlyWhatChangedAndKeepsTheOldOneOnFaults()
    {
        var follower = new TopologyFollower(new TopologyOptions { Location = _file }, _world, _world.Outside);
        await StepAsync(follower, 0, Small);
        await StepAsync(follower, 20, Small);
        await StepAsync(follower, 40, "{");
        var errors = follower.Errors;
        await StepAsync(follower, 60, Small.Replace("\"rack\":\"r\"", "\"rack\":\"s\"", StringComparison.Ordinal));
        await StepAsync(follower, 80, """{"entities":[{"id":"rack:r"}],"edges":[]}""");

        Assert.StartsWith("line 1: not JSON", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Equal(
            ["2 entities, 1 edges, 0 removed", "1 entities, 0 edges, 0 removed", "0 entities, 0 edges, 1 removed"],
            _world.Changes.Select(change => $"{change.Entities.Length} entities, {change.Edges.Length} edges, {change.Removed.Length} removed"));
        Assert.Equal([new TopologyEdge(Node, EdgeKind.PartOf, Rack, World.Start)], _world.Changes[0].Edges);
        var topology = _world.Changes.Aggregate(Topology.Empty, (graph, change) => graph.Apply(change));
        Assert.Equal([Rack], topology.Entities.Keys);
        Assert.Empty(follower.Errors);
    }

    [Fact]
    public void Diff_EdgeEnds_GetsItsEnd()
    {
        var before = TopologyDocument.Read(World.Utf8(Small), "t", World.Start).Content;
        var after = before with { At = World.Start.AddMinutes(1), Edges = [] };

        var change = TopologyDiff.Between(before, after)!;

        Assert.Equal([new TopologyEdge(Node, EdgeKind.PartOf, Rack, World.Start, World.Start.AddMinutes(1))], change.Edges);
        Assert.Empty(change.Entities);
    }

    [Fact]
    public void Labels_OfAScrape_TeachGpusNicsAndMonitorsOnce()
    {
        SampleBatch Batch() => new("t", World.Start,
        [
            new SeriesSample(LabelSet.Of(("__name__", "DCGM_FI_DEV_GPU_TEMP"), ("node", "n"), ("gpu", "3"), ("UUID", "GPU-1"), ("pci_bus_id", "00000000:1A:00.0"), ("modelName", "H100")), new Sample(1, 1)),
            new SeriesSample(LabelSet.Of(("__name__", "node_infiniband_state_id"), ("node", "n"), ("device", "mlx5_2")), new Sample(1, 4)),
            new SeriesSample(LabelSet.Of(("__name__", "up"), ("node", "n"), ("job", "dcgm")), new Sample(1, 1)),
        ]);
        var learned = new LabelTopology(_world, _world, _world);

        learned.Append(Batch());
        learned.Append(Batch());

        var change = Assert.Single(_world.Changes);
        Assert.Equal(["node:n", "gpu:GPU-1", "nic:n/mlx5_2", "monitor:n/dcgm"], change.Entities.Select(entity => $"{entity.Id}"));
        Assert.Equal("n/gpu3", change.Entities[1].DisplayName);
        Assert.Equal("0000:1a:00.0", change.Entities[1].Attributes["pci_bus_id"]);
        Assert.Equal([EdgeKind.PartOf, EdgeKind.PartOf, EdgeKind.Watches], change.Edges.Select(edge => edge.Kind));
        Assert.Equal(2, _world.Batches.Count);
    }

    [Fact]
    public void Labels_OfOtherVendors_TeachTheirAccelerators()
    {
        var learned = new LabelTopology(_world, _world, _world);

        learned.Append(new SampleBatch("t", World.Start,
        [
            new SeriesSample(LabelSet.Of(("__name__", "gpu_gfx_activity"), ("node", "n"), ("gpu_id", "2"), ("serial_number", "S2"), ("card_model", "MI300X")), new Sample(1, 1)),
            new SeriesSample(LabelSet.Of(("__name__", "gpu_gfx_activity"), ("node", "n"), ("gpu_id", "3")), new Sample(1, 1)),
            new SeriesSample(LabelSet.Of(("__name__", "npu_chip_info_temperature"), ("node", "n"), ("id", "0"), ("vdie_id", "V0"), ("pcie_bus_info", "0000:DB:00.0")), new Sample(1, 1)),
        ]));

        Assert.Equal(
            ["node:n  ", "gpu:S2 amd 2", "gpu:V0 ascend 0", "gpu:n/gpu3 amd 3"],
            Assert.Single(_world.Changes).Entities.Select(entity => $"{entity.Id} {entity.Attributes["vendor"]} {entity.Attributes["gpu"]}"));
    }

    [Fact]
    public void Labels_OfMountedFileSystems_TeachSharedStorageAndWhoMountsIt()
    {
        var learned = new LabelTopology(_world, _world, _world);

        learned.Append(new SampleBatch("t", World.Start,
        [
            Mounted("n", "nas:/data", "nfs4"), Mounted("m", "nas:/data", "nfs4"), Mounted("n", "10.0.0.1@o2ib:/fs-0", "lustre"),
            Mounted("n", "/dev/nvme0n1p1", "ext4"), Mounted("n", "tmpfs", "tmpfs"),
        ]));

        var change = Assert.Single(_world.Changes);
        Assert.Equal(["node:m", "node:n", "storage:10.0.0.1@o2ib:/fs-0", "storage:nas:/data"], change.Entities.Select(entity => $"{entity.Id}"));
        Assert.Equal(
            ["node:n Mounts storage:nas:/data", "node:m Mounts storage:nas:/data", "node:n Mounts storage:10.0.0.1@o2ib:/fs-0"],
            change.Edges.Select(edge => $"{edge.From} {edge.Kind} {edge.To}"));

        static SeriesSample Mounted(string node, string device, string type) => new(
            LabelSet.Of(("__name__", "node_filesystem_device_error"), ("node", node), ("device", device), ("fstype", type), ("mountpoint", "/m")), new Sample(1, 0));
    }

    /// <summary>The rules and what learns the topology agree on which file systems are shared.</summary>
    [Fact]
    public void SharedFileSystems_AreThoseOfTheRules()
    {
        var rules = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot(), "rules", "host", "host.rules.yaml"));
        var patterns = System.Text.RegularExpressions.Regex.Matches(rules, "fstype[=!]~\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(patterns);
        Assert.All(patterns, pattern =>
        {
            Assert.All(SharedFileSystems.Types, type => Assert.Matches($"^(?:{pattern})$", type));
            Assert.All(new[] { "ext4", "xfs", "tmpfs", "overlay", "fuse.lxcfs" }, type => Assert.DoesNotMatch($"^(?:{pattern})$", type));
        });
    }

    private async Task StepAsync(TopologyFollower follower, int second, string json)
    {
        await File.WriteAllTextAsync(_file, json);
        await follower.RunDueAsync(World.Start.AddSeconds(second), CancellationToken.None);
    }
}

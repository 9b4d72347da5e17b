using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Observability.Collectors.Tests;

public sealed class ClusterTopologyTests
{
    private static readonly string[] Texts =
    [
        "SwitchName=s1 Switches=s[2-3]\nSwitchName=s2 Nodes=n[1-3]\nBlockName=b Nodes=n[1-2]\n",
        "switches:\n  a:\n    switches:\n    - b\nblocks:\n- switch: b\n  nodes: [\"n[1-2]\"]\n",
        "<system version=\"1\"><cpu numaid=\"0\"><pci busid=\"0001:00:00.0\" class=\"0x030200\" link_width=\"16\"/></cpu></system>",
    ];

    [Theory]
    [InlineData("slurm-tree")]
    [InlineData("model")]
    [InlineData("nccl")]
    public void Capture_IsReadAsWrittenDown(string name) => Golden.Check("TopologySource", name);

    [Fact]
    public void SharedTopologies_EveryFileHasItsShape()
    {
        var reading = RecordedTelemetry.Read(World.SharedData("samples", "topology"), new RecordedOptions { Start = World.Start });

        Assert.Equal(
            [
                // Nodes; switches and nodes of the models.
                "expected.slinky-dra-block.conf 96 0 0", "expected.slinky-oci-sim-tree.conf 115 0 0", "nccl-topo-azure-ndv4.xml 0 32 0", "nccl-topo-azure-ndv5.xml 0 32 0",
                "topograph-model-dual-xclr-regular.yaml 115 0 0", "topograph-model-large.yaml 115 0 0", "topograph-model-medium.yaml 15 0 0", "topograph-model-nvl72.yaml 79 0 0",
                "topograph-model-small-tree.yaml 9 0 0",
            ],
            reading.Files.Where(file => file.Kind == "cluster-topology").Select(file => $"{file.Path} {file.Entities} {file.Samples} {file.Refused}"));
    }

    [Property(MaxTest = 300)]
    public Property DamagedDocuments_NeverThrow() => Prop.ForAll(Gen.Elements(Texts).ArbMapDamage(), text =>
    {
        var tree = new SwitchTree("t", World.Start);
        SlurmTopologyReader.Read(text, tree);
        ClusterModelReader.Read(text, tree);
        Assert.True(tree.ToChange().Entities.Length < 200_000);
        Assert.True(NcclTopologyReader.Read(text, "n", World.Start).Samples.Count <= 4);
    });
}

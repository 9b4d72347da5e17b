using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Observability.Collectors.Tests;

public sealed class IbFabricTests
{
    private static readonly string[] Texts =
    [
        "CA 1 1 0x0000000000000a01 4x NDR - SW 2 10 0x0000000000000b01 ( 'n mlx5_0' - 'leaf' )\nSW 2 11 0x0000000000000b01 4x ???  'leaf'\n",
        "# Port extended counters: Lid 101 port 10 (x)\nPortXmitData:....1000\n",
        "GUID | 0x01\nPSU0 status | OK\n     power (W) | 5\nfan#1 (rpm) | 3\nuptime (d-h:m:s) | 1d-01:01:01\n",
    ];

    [Theory]
    [InlineData("ibnetdiscover")]
    [InlineData("perfquery")]
    [InlineData("ibswinfo")]
    public void Capture_IsReadAsWrittenDown(string name) => Golden.Check("IbFabric", name, node: "");

    [Fact]
    public void SharedFabric_EveryFileIsReadWithItsValues()
    {
        var reading = RecordedTelemetry.Read(World.SharedData("samples", "ib_fabric"), new RecordedOptions { Start = World.Start });
        var files = reading.Files.Where(file => file.Path.EndsWith(".out", StringComparison.Ordinal)).ToDictionary(file => file.Path);
        var samples = reading.Items.Where(item => item.Samples is not null).SelectMany(item => item.Samples!.Samples)
            .GroupBy(sample => sample.Labels.MetricName).ToDictionary(group => group.Key, group => group.ToList());

        Assert.All(files.Values, file => Assert.Equal("ib-fabric", file.Kind));
        Assert.Equal(
            ["ibswinfo-test-err1.out 1 line 20: 'foo' is not a number"],
            files.Values.Where(file => file.Refused > 0).Select(file => $"{file.Path} {file.Refused} {file.Reasons[0]}"));
        Assert.Equal(9, files["ibnetdiscover-test.out"].Lines);
        Assert.Contains(samples["infiniband_switch_port_transmit_data_bytes_total"], sample =>
            sample.Labels["guid"] == "0x7cfe9003009ce5b0" && sample.Labels["port"] == "1" && sample.Sample.Value == 36_298_026_860_928d * 4);
        Assert.Contains(samples["infiniband_switch_uptime_seconds"], sample => sample.Sample.Value == (160 * 86_400) + (10 * 3_600) + (38 * 60) + 53);
        Assert.Equal(["ibswitch:fan 0x1c34da0300010540", "ibswitch:power_supply 0x08c0eb0300add20e", "ibswitch:fan 0x08c0eb0300add20e"], reading.Items.Where(item => item.Event is not null).Select(item => $"{item.Event!.Code} {item.Event.Labels["switch"]}").Distinct());
        var edges = reading.Items.Where(item => item.Topology is not null).SelectMany(item => item.Topology!.Edges).Select(edge => $"{edge.From} {edge.Kind} {edge.To}").ToHashSet();
        Assert.Contains("nic:o0001/HCA-1 Connects switch:ib-i1l1s01", edges);
        Assert.Contains("switch:ib-i1l1s01 Connects switch:ib-i1l2s01", edges);
        Assert.Contains("nic:worker20/mlx5_3 PartOf node:worker20", edges);
        Assert.DoesNotContain(edges, edge => edge.Contains("Aggregation", StringComparison.Ordinal));
    }

    [Property(MaxTest = 300)]
    public Property DamagedText_NeverThrows() => Prop.ForAll(Gen.Elements(Texts).ArbMapDamage(), text =>
    {
        var (links, _) = IbNetDiscoverReader.Read(text);
        var fabric = new IbFabricSamples(World.Start);
        fabric.Add(links);
        Assert.True(fabric.Topology.Entities.Length <= 10);
        Assert.True(PerfQueryReader.Read(text, "0x1", World.Start).Samples.Count <= 2);
        Assert.True(IbSwitchInfoReader.Read(text, World.Start).Samples.Count <= 8);
    });
}

using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class AscendTests
{
    [Theory]
    [InlineData("npu")]
    [InlineData("faults")]
    public void Capture_IsReadAsWrittenDown(string name) => Golden.Check("Ascend", name);

    [Fact]
    public void FaultTable_CodesAsTheExporterGivesThem_HaveTheirLevel()
    {
        var (table, refused) = AscendFaultTable.Read(World.Utf8("""{"NotHandleFaultCodes":["80E21007"],"SeparateNPUCodes":["80DE1801","80e38003"],"RestartBusinessCodes":["80E38003"]}"""));

        Assert.Equal(["80E38003 is in SeparateNPU and in RestartBusiness; the more severe counts"], refused);
        Assert.Equal("SeparateNPU", table.LevelOf(0x80E38003));
        Assert.Equal(("NotHandle", "SeparateNPU", ""), (table.LevelOf(0x80E21007), table.LevelOf(0x80DE1801), table.LevelOf(1)));
    }

    [Fact]
    public void FaultEvents_OfACode_AreToldWhenItComesChangesAndLasts()
    {
        var world = new World();
        var (table, _) = AscendFaultTable.Read(World.Utf8("""{"NotHandleFaultCodes":["80E21007"],"SeparateNPUCodes":["80DE1801"]}"""));
        var sink = new AscendFaultEvents(world, world, table);
        var error = LabelSet.Of(("__name__", "npu_chip_info_error_code"), ("node", "n"), ("id", "3"), ("vdie_id", "V3"), ("pcie_bus_info", "0000:DB:00.0"));

        void Scrape(int second, double? code, bool isNew = false)
        {
            SeriesSample[] samples = code is { } value ? [new SeriesSample(error, new Sample(0, value))] : [];
            sink.Append(new SampleBatch("npu", World.Start.AddSeconds(second), samples) { BringsNewSeries = isNew });
        }

        Scrape(0, null, isNew: true);
        Scrape(10, 0x80E21007, isNew: true);
        Scrape(20, 0x80E21007);
        Scrape(30, 0x80DE1801);
        Scrape(40, StaleMarker.Value);
        Scrape(50, 0x80DE1801);
        Scrape(700, 0x80DE1801);
        Scrape(710, 77);

        Assert.Equal(8, world.Batches.Count);
        Assert.Equal(
            ["10 ascend:NotHandle 80E21007 Info", "30 ascend:SeparateNPU 80DE1801 HardwareFatal", "50 ascend:SeparateNPU 80DE1801 HardwareFatal", "700 ascend:SeparateNPU 80DE1801 HardwareFatal", "710 ascend:Unlisted 0000004D Warning"],
            world.Events.Select(found => $"{(found.At - World.Start).TotalSeconds} {found.Code} {found.Fields["fault_code"]} {found.Severity}"));
        Assert.Equal(("n", "3", "V3", "0000:db:00.0"), (world.Events[0].Labels["node"], world.Events[0].Labels["gpu"], world.Events[0].Labels["UUID"], world.Events[0].Labels["pci_bus_id"]));
    }

    [Fact]
    public void SharedCaptures_HaveTheirValuesAndTheTableItsLevels()
    {
        var folder = World.SharedData("samples", "ascend");
        var reading = RecordedTelemetry.Read(folder, new RecordedOptions { Start = World.Start });
        var files = reading.Files.ToDictionary(file => file.Path);

        Assert.Equal(("ascend-fault-codes", 802L, "A2301001 is in RestartBusiness and in SeparateNPU; the more severe counts"), (files["faultCode.json"].Kind, files["faultCode.json"].Lines, files["faultCode.json"].Reasons.Single()));
        Assert.Equal("ascend-fault-codes", files["SwitchFaultCode.json"].Kind);
        Assert.All(files.Values.Where(file => file.Path.EndsWith(".prom", StringComparison.Ordinal)), file => Assert.Equal(("exposition", 0L), (file.Kind, file.Refused)));
        // One test fixture states seconds where milliseconds belong: nothing is of 1970.
        Assert.All(reading.Items, item => Assert.True(item.At.Year > 2000, item.At.ToString()));
        Assert.DoesNotContain(reading.Items, item => item.Samples?.Samples.Any(sample => sample.Labels.MetricName.StartsWith("npu_chip_", StringComparison.Ordinal) && sample.Sample.Value == -1) == true);
    }

    [Property(MaxTest = 200)]
    public Property DamagedTable_NeverThrows() => Prop.ForAll(
        Gen.Constant("{\"NotHandleFaultCodes\":[\"80E21007\"],\"SeparateNPUCodes\":[\"80DE1801\"]}").ArbMapDamage(),
        text => Assert.True(AscendFaultTable.Read(World.Utf8(text)).Table.Count <= 3));
}

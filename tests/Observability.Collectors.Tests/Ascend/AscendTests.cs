using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

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

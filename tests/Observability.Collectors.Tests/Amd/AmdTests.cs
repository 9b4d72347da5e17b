using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class AmdTests
{
    [Theory]
    [InlineData("rocm-node-040")]
    [InlineData("amd-exporter")]
    public void Capture_IsReadAsWrittenDown(string name) => Golden.Check("Amd", name);

    [Fact]
    public void Shape_PrefixLabelsAndClockTypes_AreSpeltOneWay()
    {
        var shape = AmdSpelling.Shape(LabelSet.Of(("__name__", "amd_gpu_clock"), ("clock_type", "GPU_CLOCK_TYPE_SYSTEM"), ("GPU_UUID", "u"), ("SERIAL_NUMBER", "s")));

        Assert.Equal(LabelSet.Of(("__name__", "gpu_clock"), ("clock_type", "system"), ("gpu_uuid", "u"), ("serial_number", "s")), shape.Labels);
        Assert.Null(shape.IsUnknown);
    }

    [Theory]
    [InlineData("gpu_package_power", "0", 0, false)]
    [InlineData("gpu_package_power", "1", 0, true)]
    [InlineData("gpu_package_power", "1", 5, false)]
    [InlineData("gpu_gfx_activity", "1", 0, false)]
    public void Shape_ZeroOfABoardMetricOnAPartition_IsUnknown(string metric, string partition, double value, bool unknown) =>
        Assert.Equal(unknown, AmdSpelling.Shape(LabelSet.Of(("__name__", metric), ("gpu_partition_id", partition))).IsUnknown?.Invoke(value) ?? false);

    [Fact]
    public void SharedCaptures_EveryCardIsReadWithItsValues()
    {
        var reading = RecordedTelemetry.Read(World.SharedData("samples", "amd"), new RecordedOptions { Start = World.Start });
        var files = reading.Files.ToDictionary(file => file.Path);

        Assert.Equal(
            ["rocm-smi-mi100_rocm571.json 6 7", "rocm-smi-mi100_rocm602.json 4 5", "rocm-smi-vega-20-WKS-GL-XE.json 1 2"],
            files.Values.Where(file => file.Kind == "rocm-smi").Select(file => $"{file.Path} {file.Lines} {file.Entities}"));
        Assert.Equal("exposition", files["device-metrics-exporter-mini.prom"].Kind);
        Assert.Contains(reading.Items, item => item.Samples?.Samples.Any(sample =>
            sample.Labels.MetricName == "gpu_used_vram" && sample.Labels["serial_number"] == "692024000810" && Math.Abs(sample.Sample.Value - 10.850304) < 1e-9) == true);
    }

    [Property(MaxTest = 300)]
    public Property DamagedJson_NeverThrows() => Prop.ForAll(
        Gen.Constant("{\"card0\":{\"VBIOS version\":\"1\",\"GPU use (%)\":\"99\",\"PCI Bus\":\"0000:05:00.0\"},\"system\":{}}").ArbMapDamage(),
        text => Assert.True(RocmSmiReader.Read(text, "n", World.Start).Samples.Count <= 2));
}

using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class DcgmSpellingTests
{
    [Fact]
    public void Shape_NewNamesAndLabels_BecomeTheOldSpelling()
    {
        var shape = DcgmSpelling.Shape(LabelSet.Of(
            ("__name__", "DCGM_FI_DEV_GPU_TEMP_CELSIUS"), ("gpu", "0"), ("gpu_uuid", "GPU-1"), ("model_name", "H100"),
            ("hostname", "n"), ("DCGM_FI_SYSTEM_DRIVER_VERSION", "<<<NOT_FOUND>>>")));

        Assert.Equal(
            LabelSet.Of(("__name__", "DCGM_FI_DEV_GPU_TEMP"), ("gpu", "0"), ("UUID", "GPU-1"), ("modelName", "H100"), ("Hostname", "n")),
            shape.Labels);
    }

    [Theory]
    [InlineData("DCGM_FI_DEV_SM_CLOCK", 9223372036854775792.0, true)]
    [InlineData("DCGM_FI_DEV_SM_CLOCK", 2147483632, true)]
    [InlineData("DCGM_FI_DEV_SM_CLOCK", 2147483635, true)]
    [InlineData("DCGM_FI_DEV_SM_CLOCK", 2147483631, false)]
    [InlineData("DCGM_FI_DEV_SM_CLOCK", 2147483636, false)]
    [InlineData("DCGM_FI_DEV_POWER_USAGE", 140737488355328, true)]
    [InlineData("DCGM_FI_DEV_SM_CLOCK", 0, false)]
    [InlineData("DCGM_FI_DEV_MEMORY_TEMP", 0, true)]
    [InlineData("DCGM_FI_DEV_MEMORY_TEMP_CELSIUS", 0, true)]
    [InlineData("DCGM_FI_DEV_MEMORY_TEMP", 41, false)]
    [InlineData("DCGM_FI_DEV_SM_CLOCK", double.NaN, false)]
    public void Shape_Value_IsUnknownAtTheSentinelsOnly(string metric, double value, bool unknown) =>
        Assert.Equal(unknown, DcgmSpelling.Shape(LabelSet.Of(("__name__", metric))).IsUnknown!(value));

    [Fact]
    public void Shape_OtherSeries_PassUnchanged()
    {
        var labels = LabelSet.Of(("__name__", "node_load1"), ("hostname", "n"));

        Assert.Equal(new SeriesShape(labels), DcgmSpelling.Shape(labels));
    }

    [Fact]
    public void Names_Table_AgreesWithThePublishedFieldList()
    {
        var file = Path.Combine(World.SharedData("samples", "dcgm_fields"), "dcgm-4.6.0-field-ids.csv");
        var published = File.ReadLines(file).Skip(1).Select(line => line.Split(','))
            .Select(cells => $"{cells[0]} {cells[1]} {cells[2]}").ToHashSet();

        // 112 is renamed the other way round: rules are written with the newer of its names.
        Assert.All(
            DcgmNames.All.Where(row => row.FieldId != 112),
            row => Assert.Contains($"{row.FieldId} {row.New} {row.Old}", published));
    }
}

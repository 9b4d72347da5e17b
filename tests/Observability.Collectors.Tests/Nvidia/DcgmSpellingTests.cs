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
    public void Shape_LabelsOfEveryGeneration_AreSpeltOneWay()
    {
        var shape = DcgmSpelling.Shape(LabelSet.Of(
            ("__name__", "DCGM_FI_PROF_TENSOR_UTIL_RATIO"), ("GPU_I_ID", "7"), ("GPU_I_PROFILE", "1g.10gb"), ("vgpu", "3"), ("dra_claim_name", "c"),
            ("DCGM_FI_DEV_BOARD_SERIAL", "13"), ("pod", "exporter-x"), ("exported_pod", "trainer-0"), ("exported_namespace", "team-a"), ("pod_name", "old")));

        Assert.Equal(
            LabelSet.Of(
                ("__name__", "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE"), ("GPU_I_ID", "7"), ("GPU_I_PROFILE", "1g.10gb"), ("vgpu", "3"), ("dra_claim_name", "c"),
                ("DCGM_FI_DEV_SERIAL", "13"), ("pod", "trainer-0"), ("namespace", "team-a")),
            shape.Labels);
    }

    [Theory]
    [InlineData("DCGM_FI_DEV_NVLINK_THROUGHPUT_TOTAL", "counter", "DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL", "gauge", "megabytes_per_second")]
    [InlineData("DCGM_FI_DEV_NVLINK_BANDWIDTH_L3", "counter", "DCGM_FI_DEV_NVLINK_BANDWIDTH_L3", "gauge", "megabytes_per_second")]
    [InlineData("DCGM_FI_PROF_PCIE_TX_BYTES", "counter", "DCGM_FI_PROF_PCIE_TX_BYTES", "gauge", "bytes_per_second")]
    [InlineData("DCGM_EXP_XID_ERRORS_COUNT", "counter", "DCGM_EXP_XID_ERRORS_COUNT", "gauge", "")]
    [InlineData("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "counter", "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "counter", "millijoules")]
    [InlineData("node_load1", "gauge", "node_load1", "gauge", "")]
    public void Describe_WhatTheExporterSays_IsCorrected(string family, string type, string name, string corrected, string unit) =>
        Assert.Equal(new MetricMetadata(name, corrected, "help", unit), DcgmSpelling.Describe(new MetricMetadata(family, type, "help", "")));

    [Fact]
    public void Names_Table_IsThePublishedFieldList()
    {
        var file = Path.Combine(World.SharedData("samples", "dcgm_fields"), "dcgm-4.6.0-field-ids.csv");
        var published = File.ReadLines(file).Skip(1).Select(line => line.Split(','))
            .Where(cells => cells[2].Length > 0).Select(cells => $"{cells[0]} {cells[1]} {cells[2]}").ToList();

        // 112 is renamed the other way round: rules are written with the newer of its names.
        Assert.Equal(328, published.Count);
        Assert.Equal(
            published.Where(row => !row.StartsWith("112 ", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            DcgmNames.All.Where(row => row.FieldId != 112).Select(row => $"{row.FieldId} {row.New} {row.Old}").Order(StringComparer.Ordinal));
    }
}

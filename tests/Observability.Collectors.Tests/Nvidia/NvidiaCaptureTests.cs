namespace Observability.Collectors.Tests;

public sealed class NvidiaCaptureTests
{
    [Theory]
    [InlineData("smi-query")]
    [InlineData("smi-full")]
    [InlineData("smi-nvlink")]
    [InlineData("dcgmi-health")]
    [InlineData("dcgmi-diag-old")]
    [InlineData("dcgmi-diag-new")]
    [InlineData("dcgmi-nvlink")]
    public void Capture_IsReadAsWrittenDown(string name) => Golden.Check("Nvidia", name);

    [Fact]
    public void SharedCaptures_AreAllReadWithTheirValues()
    {
        var xml = Files("nvidia_smi_xml");
        Assert.Equal(["nvidia-smi", "nvidia-smi", "nvidia-smi", "nvidia-smi"], xml.Values.Where(file => file.Path.EndsWith(".xml", StringComparison.Ordinal)).Select(file => file.Kind));
        Assert.All(xml.Values, file => Assert.Equal(0, file.Refused));
        // Node, board and four MIG instances.
        Assert.Equal(6, xml["a100-sxm4-v12.xml"].Entities);

        var query = Files("nvidia_smi_query");
        Assert.All(query.Values.Where(file => file.Path.EndsWith(".csv", StringComparison.Ordinal)), file => Assert.Equal(("nvidia-smi", 0L), (file.Kind, file.Refused)));
        // An idle and a loaded query of one GPU in one capture of many commands.
        // Beside them 18 NVLinks.
        Assert.Equal(("nvidia-smi", 20L, 0L), (query["h100-80gb-hbm3-590.48.01.capture.txt"].Kind, query["h100-80gb-hbm3-590.48.01.capture.txt"].Lines, query["h100-80gb-hbm3-590.48.01.capture.txt"].Refused));
        Assert.Equal("exposition", query["h100-80gb-hbm3-load.metrics"].Kind);

        var load = Samples("nvidia_smi_query", "h100-80gb-hbm3-590.48.01-load-query-gpu.csv");
        Assert.Equal(
            (59, 631.95, 625.68, 1980, 19818, 100, 16, 0, 3),
            (load["DCGM_FI_DEV_GPU_TEMP"], load["DCGM_FI_DEV_POWER_USAGE"], load["DCGM_FI_DEV_POWER_USAGE_INSTANT"], load["DCGM_FI_DEV_SM_CLOCK"],
                load["DCGM_FI_DEV_FB_USED"], load["DCGM_FI_DEV_GPU_UTIL"], load["DCGM_FI_DEV_PCIE_LINK_WIDTH"],
                load["DCGM_FI_DEV_GET_GPU_RECOVERY_ACTION"], load["DCGM_FI_DEV_FABRIC_MANAGER_STATUS"]));
        var ada = Samples("nvidia_smi_xml", "rtx-4000-sff-ada-v13.xml");
        Assert.Equal(
            (4_251_825_415_000, 1, 8.81, 96, 0),
            (ada["DCGM_FI_DEV_CLOCKS_EVENT_REASON_SW_POWER_CAP_NS"], ada["DCGM_FI_DEV_CLOCKS_EVENT_REASONS"], ada["DCGM_FI_DEV_POWER_USAGE"],
                ada["DCGM_FI_DEV_BANKS_REMAP_ROWS_AVAIL_MAX"], ada["DCGM_FI_DEV_ROW_REMAP_FAILURE"]));
        Assert.False(ada.ContainsKey("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL"));
    }

    [Fact]
    public void SharedDcgmi_EveryReportIsRead()
    {
        var files = Files("dcgmi");

        Assert.Equal(
            [
                "dcgm_diag_schema.json skipped 0 0 0", "diag_fail_output.json dcgmi 9 9 2", "diag_pass_output.json dcgmi 9 9 0",
                "diag_warn_output.json dcgmi 9 9 1", "non_fatal_error_code_output.json dcgmi 9 9 0",
                "nvlink_error_fail_output.json dcgmi 8 8 0", "nvlink_error_pass_output.json dcgmi 8 8 0",
            ],
            files.Values.Where(file => file.Path.EndsWith(".json", StringComparison.Ordinal)).Select(file => $"{file.Path} {file.Kind} {file.Lines} {file.Samples} {file.Events}"));
    }

    [Fact]
    public void EveryDcgmCode_HasItsRowInTheCatalogue()
    {
        var rows = File.ReadAllText(Path.Combine(Testing.SharedData.RepositoryRoot(), "rules", "faults", "dcgm.yaml"));

        Assert.Equal([], DcgmErrors.Codes.Where(code => !rows.Contains($"code: {code}\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void EveryDcgmCode_IsAnErrorThatIsPublished()
    {
        var published = File.ReadLines(Path.Combine(World.SharedData("samples", "dcgm_fields"), "nvsentinel-dcgm-error-to-action.csv"))
            .Select(line => line.Split(',')[0]).ToHashSet();

        Assert.Equal(
            ["dcgm:GPU_RECOVERY", "dcgm:configuration", "dcgm:diag_failure", "dcgm:diag_warning", "dcgm:health_failure", "dcgm:health_warning"],
            DcgmErrors.Codes.Where(code => !published.Contains("DCGM_FR_" + code[5..])).Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, RecordedFile> Files(string folder) =>
        RecordedTelemetry.Read(World.SharedData("samples", folder), new RecordedOptions { Start = World.Start }).Files.ToDictionary(file => file.Path);

    private static Dictionary<string, double> Samples(string folder, string name)
    {
        var samples = new NvidiaSmiSamples("n", World.Start);
        samples.Add(NvidiaSmiReader.Read(File.ReadAllText(Path.Combine(World.SharedData("samples", folder), name))));
        return samples.Samples.ToDictionary(sample => sample.Labels.MetricName, sample => sample.Sample.Value);
    }
}

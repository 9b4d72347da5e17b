using System.Text;
using Observability.Collectors;
using Observability.Content;
using Observability.Model;

namespace Observability.Server.Tests;

public sealed class SignalCheckTests
{
    private static readonly LabelSet Target = LabelSet.Of(("node", "target"), ("job", "target"), ("instance", "t"));
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Exporter_OfNvidia_ProvidesWhatItHasAndLacksTheRest()
    {
        var lines = await CheckAsync(
            """
            DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-a",Hostname="n"} 41
            DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL{gpu="0",UUID="GPU-a"} 1
            DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL{gpu="0",UUID="GPU-a"} 1
            DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-a"} 9223372036854775794
            """);

        Assert.Equal(
            ["provided nvidia 1", "provided nvidia 1", "missing nvidia 0", "other node_exporter 0", "provided any 1"],
            ((string[])["gpu.temperature", "gpu.nvlink.errors", "gpu.utilization", "rdma.rate", "monitor.up"])
                .Select(name => lines.Single(line => line.Signal == name)).Select(line => $"{line.State} {line.Vendor} {line.Series}"));
        Assert.Contains("14 missing", CheckSignalsCommand.Table(lines).Split('\n')[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DCGM_EXP_GPU_HEALTH_STATUS{gpu=\"0\",UUID=\"a\",health_watch=\"MEM\"} 0", "nvidia")]
    [InlineData("gpu_health{gpu_id=\"0\"} 1", "amd")]
    [InlineData("npu_chip_info_health_status{id=\"0\",vdie_id=\"v\"} 1", "ascend")]
    public async Task Health_OfEveryVendor_IsOneSignal(string line, string vendor) =>
        Assert.Equal(("provided", vendor), (await CheckAsync(line)).Where(found => found.Signal == "gpu.healthy").Select(found => (found.State, found.Vendor)).Single());

    [Fact]
    public async Task Health_UnknownOfAscend_IsMissingAndNotBad() =>
        Assert.Equal("missing", (await CheckAsync("npu_chip_info_health_status{id=\"0\"} -1\nnpu_chip_info_temperature{id=\"0\"} 40")).Single(found => found.Signal == "gpu.healthy").State);

    [Fact]
    public async Task Exporter_OfNoSignal_ProvidesOnlyThatItAnswers() =>
        Assert.Equal(["monitor.up"], (await CheckAsync("some_metric 1")).Where(line => line.State == "provided").Select(line => line.Signal));

    private static async Task<IReadOnlyList<SignalLine>> CheckAsync(string exposition)
    {
        var file = World.Folder("rules/signals.yaml");
        var signals = SignalFileReader.Read(new ContentFile(file, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));
        Assert.Empty(signals.Findings);
        var (samples, refused) = ExporterSeries.Read(Encoding.UTF8.GetBytes(exposition + "\n"), Target, Now);
        Assert.Empty(refused);
        return await SignalCheck.RunAsync(signals.Value, samples, Target, Now, TestContext.Current.CancellationToken);
    }
}

namespace Observability.Collectors.Tests;

public sealed class RecordedTelemetryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collectors-replay-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Read_MixedFolder_GivesItemsInTimeOrderAndAReportPerFile()
    {
        Write("a.prom", "x 1 1772366402000\nbad line\ny 2\n");
        Write("node-003.log", "kern  :warn  : 2026-03-01T12:00:01,000000+00:00 NVRM: Xid (PCI:0000:3b:00): 79, pid=1, name=a, text\nnothing\n");
        Write("m.json", """{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"t.step","gauge":{"dataPoints":[{"asInt":"5","timeUnixNano":"1772366403000000000"}]}}]}]}]}""");
        Write("other.json", "{}");
        Write("data.bin", "?");

        var reading = RecordedTelemetry.Read(_folder.FullName, new RecordedOptions { Start = World.Start });

        Assert.Equal(
            ["12:00:00 y{}", "12:00:01 xid:79 node-003", "12:00:02 x{}", "12:00:03 t_step{}"],
            reading.Items.Select(item => $"{item.At:HH:mm:ss} {item.Event?.Code}{item.Samples?.Samples[0].Labels}" + (item.Event is { } read ? " " + read.Labels["node"] : "")));
        Assert.Equal(
            ["a.prom exposition 3 2 0 1", "data.bin skipped 0 0 0 0", "m.json otlp 1 1 0 0", "node-003.log log 2 0 1 0", "other.json skipped 0 0 0 0"],
            reading.Files.Select(file => $"{file.Path} {file.Kind} {file.Lines} {file.Samples} {file.Events} {file.Refused}"));
        Assert.Equal(["line 2: the value 'line' is not a number: bad line"], reading.Files[0].Reasons);
    }

    [Fact]
    public void Read_EverySharedSample_IsDigested()
    {
        var folder = World.SharedData("samples");
        var options = new RecordedOptions { Start = World.Start };

        var reading = RecordedTelemetry.Read(folder, options);

        var byPath = reading.Files.ToDictionary(file => file.Path);
        Assert.Equal(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length, reading.Files.Count);
        Assert.Equal(("exposition", 0L), (byPath["dcgm_exporter/h100x8-aicr.prom"].Kind, byPath["dcgm_exporter/h100x8-aicr.prom"].Refused));
        Assert.Equal(("exposition", 0L), (byPath["node_exporter/e2e-output.txt"].Kind, byPath["node_exporter/e2e-output.txt"].Refused));
        Assert.Equal(2, byPath["dcgm_exporter/blank-value-2021.prom"].Samples);
        Assert.True(byPath["kernel_logs/memory.dmesg.decode.iso.log"].Events > 5);
        Assert.True(byPath["training_logs/pytorch_nccl_failures.txt"].Events >= 1);
        Assert.All(reading.Files.Where(file => file.Kind == "skipped"), file => Assert.NotEmpty(file.Reasons));
        Assert.Equal(
            reading.Items.Select(item => (item.At, item.Event?.Raw, item.Samples?.Samples.Count)),
            RecordedTelemetry.Read(folder, options).Items.Select(item => (item.At, item.Event?.Raw, item.Samples?.Samples.Count)));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}

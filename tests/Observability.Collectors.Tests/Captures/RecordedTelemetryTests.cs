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

    [Fact]
    public void Read_PackedFile_IsWhatItHoldsUnderItsNameWithoutTheEnd()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "scrape/dcgm"));
        // Two members, one after the other, as a recorder appends them.
        using (var file = File.Create(Path.Combine(_folder.FullName, "scrape/dcgm/node-007.prom.gz")))
        {
            foreach (var text in new[] { "x 1 1772366402000\n", "x 2 1772366403000\n" })
            {
                using var member = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true);
                member.Write(System.Text.Encoding.UTF8.GetBytes(text));
            }
        }

        File.WriteAllBytes(Path.Combine(_folder.FullName, "bad.prom.gz"), [1, 2, 3]);

        var reading = RecordedTelemetry.Read(_folder.FullName, new RecordedOptions { Start = World.Start });

        Assert.Equal(["node-007 1", "node-007 2"], reading.Items.Select(item => $"{item.Samples!.Samples[0].Labels["node"]} {item.Samples.Samples[0].Sample.Value}"));
        Assert.Equal(["bad.prom.gz skipped", "scrape/dcgm/node-007.prom.gz exposition"], reading.Files.Select(file => $"{file.Path} {file.Kind}"));
        Assert.NotEmpty(reading.Files[0].Reasons);
    }

    [Fact]
    public void Read_PackedFileThatUnpacksBeyondTheLimit_IsSkippedWithTheLimit()
    {
        using (var packed = new System.IO.Compression.GZipStream(File.Create(Path.Combine(_folder.FullName, "zeros.prom.gz")), System.IO.Compression.CompressionLevel.Fastest))
            packed.Write(new byte[300_000]);

        var file = Assert.Single(RecordedTelemetry.Read(_folder.FullName, new RecordedOptions { Start = World.Start, FileLimitBytes = 200_000 }).Files);

        Assert.Equal(("skipped", "more than the limit of 200000 bytes once it is unpacked"), (file.Kind, file.Reasons[0]));
    }

    [Fact]
    public void Read_SeriesThatIsGone_EndsWithAStaleMarkerOfTheSameLabels()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "scrape/dcgm"));
        Write("scrape/dcgm/node-007.prom", "x{a=\"1\"} 1 1772366402000\n# GONE x{a=\"1\"} NaN 1772366412000\n# an ordinary comment\n");

        var items = RecordedTelemetry.Read(_folder.FullName, new RecordedOptions { Start = World.Start }).Items;

        Assert.Equal(2, items.Count);
        Assert.Equal(items[0].Samples!.Samples[0].Labels, items[1].Samples!.Samples[0].Labels);
        Assert.Equal((false, true), (Observability.Model.StaleMarker.Is(items[0].Samples!.Samples[0].Sample.Value), Observability.Model.StaleMarker.Is(items[1].Samples!.Samples[0].Sample.Value)));
        Assert.Equal(World.Start.AddSeconds(12), items[1].At);
    }

    [Fact]
    public void Read_TrainingLineWithATimeInFront_HappenedThen()
    {
        Write("llm.log", """
            2026-03-01T12:00:07.250Z [rank8]: Traceback (most recent call last):
            2026-03-01T12:00:07.250Z [rank8]:   File "/workspace/train.py", line 412, in save
            2026-03-01T12:00:07.250Z [rank8]: OSError: [Errno 28] No space left on device
            """);

        var item = Assert.Single(RecordedTelemetry.Read(_folder.FullName, new RecordedOptions { Start = World.Start }).Items);

        Assert.Equal(("train:traceback", "8", World.Start.AddSeconds(7.25)), (item.Event!.Code, item.Event.Labels["rank"], item.At));
    }

    [Fact]
    public void Read_Changes_AreEventsAtTheirTimeWhateverTheClockSays()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "changes"));
        Write("changes/changes.json", """[{"kind":"maintenance_start","at":"2031-03-01T12:00:00Z","labels":{"node":"node-003"}},{"kind":"deploy"},{"kind":"NO"}]""");

        var reading = RecordedTelemetry.Read(_folder.FullName, new RecordedOptions { Start = World.Start });

        Assert.Equal(["2026 change:deploy ", "2031 change:maintenance_start node-003"], reading.Items.Select(item => $"{item.At.Year} {item.Event!.Code} {item.Event.Labels["node"]}"));
        Assert.Equal(("changes", 2, 1), (reading.Files[0].Kind, (int)reading.Files[0].Lines, (int)reading.Files[0].Refused));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    /// <summary>What broke a reader once, by `benchmarks fuzz`: each file is read again, whatever it holds.</summary>
    [Fact]
    public void Read_WhatBrokeAReaderOnce_GivesAnAccountOfEachFile()
    {
        var folder = Path.Combine(Testing.SharedData.RepositoryRoot(), "tests", "Observability.Collectors.Tests", "FuzzSeeds");

        var reading = RecordedTelemetry.Read(folder, new RecordedOptions { Start = World.Start });

        Assert.Equal(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length, reading.Files.Count);
    }
}

using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class CaptureLoopTests : IDisposable
{
    private const string Warns = """{"category":"Health Monitor Report","version":"3.3.0","body":{"Overall Health":{"value":"Warning"},"GPU":{"children":{"0":{"children":{"Memory":{"children":{"Warning":{"value":"Uncorrectable ECC error"}}}}}}}}}""";
    private const string Elastic = """{"message":{"message":"RuntimeError: boom","extraInfo":{"py_callstack":"Traceback (most recent call last):\n","timestamp":"1772366400"}}}""";

    private readonly World _world = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("captures-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Command_IsRunEachIntervalAndReadAsItsNameTells()
    {
        var file = Path.Combine(_folder, "out");
        await File.WriteAllTextAsync(file, "#bytes #iterations BW peak[Gb/sec] BW average[Gb/sec] MsgRate[Mpps]\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, "                    RDMA_Write BW Test\n Device         : mlx5_3\n #bytes     #iterations    BW peak[Gb/sec]    BW average[Gb/sec]   MsgRate[Mpps]\n 65536      5000             391.20             388.75               0.741482\n", TestContext.Current.CancellationToken);
        var loop = Loop(new CaptureSource { Name = "write.txt", Command = ["/bin/cat", file], Node = "n1" });

        await UntilAsync(loop, 0, () => _world.Batches.Count == 1);
        await UntilAsync(loop, 60, () => _world.Batches.Count == 2);

        Assert.Contains("rdma_perftest_bandwidth_bytes_per_second{bytes=\"65536\", device=\"mlx5_3\", node=\"n1\", test=\"RDMA_Write BW Test\"} 48593750000", World.Show(_world.Batches[0]));
        Assert.Contains("up{instance=\"write.txt\", job=\"capture\", node=\"n1\"} 1", World.Show(_world.Batches[1]));
        Assert.Equal((true, false), (_world.Batches[0].BringsNewSeries, _world.Batches[1].BringsNewSeries));
    }

    [Theory]
    [InlineData("/bin/false", "dcgmi.json")]
    [InlineData("/nowhere/dcgmi", "dcgmi.json")]
    [InlineData("/bin/echo", "nothing.known")]
    public async Task Command_ThatFailsOrSaysNothingKnown_IsDown(string program, string name)
    {
        var loop = Loop(new CaptureSource { Name = name, Command = [program], Node = "n1" });

        await UntilAsync(loop, 0, () => _world.Batches.Count == 1);

        Assert.Contains($"up{{instance=\"{name}\", job=\"capture\", node=\"n1\"}} 0", World.Show(_world.Batches[0]));
    }

    [Fact]
    public async Task Files_AreReadOnceWhenTheyStayTheSame_AndAgainWhenTheyChange()
    {
        var loop = Loop(new CaptureSource { Files = Path.Combine(_folder, "*", "error.json"), Node = "n1" });
        await loop.RunDueAsync(World.Start, CancellationToken.None);
        Write("llm", Elastic, World.Start.AddSeconds(30));

        await loop.RunDueAsync(World.Start.AddSeconds(60), CancellationToken.None);
        Assert.Empty(_world.Events);
        await loop.RunDueAsync(World.Start.AddSeconds(120), CancellationToken.None);
        await loop.RunDueAsync(World.Start.AddSeconds(180), CancellationToken.None);
        Assert.Equal("train:error {job_name=\"llm\", node=\"n1\"}", Shown(Assert.Single(_world.Events)));

        Write("llm", Elastic.Replace("boom", "again", StringComparison.Ordinal), World.Start.AddSeconds(200));
        await loop.RunDueAsync(World.Start.AddSeconds(240), CancellationToken.None);
        await loop.RunDueAsync(World.Start.AddSeconds(300), CancellationToken.None);
        Assert.Equal(2, _world.Events.Count);
    }

    [Fact]
    public async Task Files_OfLongAgo_AreNoNews()
    {
        Write("old", Elastic, World.Start.AddHours(-2));
        Write("fresh", Elastic, World.Start.AddMinutes(-1));
        var loop = Loop(new CaptureSource { Files = Path.Combine(_folder, "*", "error.json"), Node = "n1" });

        for (var seconds = 0; seconds <= 240; seconds += 60)
            await loop.RunDueAsync(World.Start.AddSeconds(seconds), CancellationToken.None);

        Assert.Equal("train:error {job_name=\"fresh\", node=\"n1\"}", Shown(Assert.Single(_world.Events)));
    }

    [Fact]
    public async Task BadState_ThatACommandKeepsTelling_IsToldOnce()
    {
        var file = Path.Combine(_folder, "health");
        await File.WriteAllTextAsync(file, Warns, TestContext.Current.CancellationToken);
        var loop = Loop(new CaptureSource { Name = "dcgmi.json", Command = ["/bin/cat", file], Node = "n1" });

        for (var run = 0; run < 3; run++)
            await UntilAsync(loop, run * 60, () => _world.Batches.Count > run);

        Assert.Single(_world.Events);
    }

    private static string Shown(TelemetryEvent found) => $"{found.Code} {found.Labels}";

    private void Write(string job, string text, DateTimeOffset at)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, job)).FullName, "error.json");
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, at.UtcDateTime);
    }

    private CaptureLoop Loop(CaptureSource source) => new([source], _world, _world, _world, _world.Outside);

    private static async Task UntilAsync(CaptureLoop loop, int seconds, Func<bool> done)
    {
        while (!done())
        {
            await loop.RunDueAsync(World.Start.AddSeconds(seconds), TestContext.Current.CancellationToken);
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}

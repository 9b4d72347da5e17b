using Observability.Metrics;

namespace Observability.Server.Tests;

public sealed class ImportCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Import_OpenMetricsInTwoFilesInAnyOrder_IsInTheStoreWithItsTimes()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var newer = Write("newer.om", $"# TYPE a counter\na_total 3 {now - 10}\na_total 4 {now - 5}\n# EOF\n");
        var older = Write("older.om", $"a_total 1 {now - 30}\na_total 2 {now - 20}.5\n# EOF\n");

        var done = await Invoked.RunAsync(ImportCommand.Build(), newer, older, "--config", Config());

        Assert.Equal(new Invoked(0, $"{newer}: 2 samples stored, 0 refused, 0 lines refused\n{older}: 2 samples stored, 0 refused, 0 lines refused\n", ""), done);
        await using var store = new SeriesStore(new MetricsOptions { DatabasePath = Path.Combine(_folder, "state", "series.db") });
        var result = await new EmbeddedQueryEngine(store).QueryAsync("a_total[1m]", DateTimeOffset.FromUnixTimeSeconds(now), TestContext.Current.CancellationToken);
        Assert.Equal([((now - 30) * 1000, 1d), (((now - 20) * 1000) + 500, 2), ((now - 10) * 1000, 3), ((now - 5) * 1000, 4)], result.Matrix.Single().Samples.Select(sample => (sample.UnixMilliseconds, sample.Value)));
    }

    [Fact]
    public async Task Import_BadLinesAndTooOldSamples_AreNamedAndTheRestIsStored()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var file = Write("mixed.om", $"good 1 {now - 5}\nbad x {now - 5}\nold 1 1000000000\n# EOF\n");

        var done = await Invoked.RunAsync(ImportCommand.Build(), file, "--config", Config());

        Assert.Equal((1, $"{file}: 1 samples stored, 1 refused, 1 lines refused\n"), (done.Code, done.Output));
        Assert.Equal(
            $"{file}: line 2: the value 'x' is not a number: bad x {now - 5}\n{file}: old{{}} 1 at 2001-09-09T01:46:40.000Z: too old: it is past the retention\n", done.Error);
    }

    [Fact]
    public async Task ImportStrict_OfAFileThatIsNoOpenMetrics_ImportsNothing()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var good = Write("good.om", $"a 1 {now - 5}\n# EOF\n");
        var loose = Write("loose.om", $"a 1 {now - 5} \nb 2\n");

        var refused = await Invoked.RunAsync(ImportCommand.Build(), good, loose, "--strict", "--config", Config());
        var taken = await Invoked.RunAsync(ImportCommand.Build(), good, "--strict", "--config", Config());

        Assert.Equal(
            new Invoked(2, "", $"{loose}: line 1: after value and time only an exemplar may stand: ' # {{a=\"b\"}} 1.5 1700000000': a 1 {now - 5} \n{loose}: line 3: the body does not end with # EOF: \n"),
            refused);
        Assert.Equal(new Invoked(0, $"{good}: 1 samples stored, 0 refused, 0 lines refused\n", ""), taken);
    }

    /// <summary>A server that listens elsewhere, or is about to listen, has the store open all the same.</summary>
    [Fact]
    public async Task Import_WhileTheStoreIsOpen_IsRefusedAndChangesNothing()
    {
        var file = Write("one.om", $"a 1 {TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 5}\n# EOF\n");
        Directory.CreateDirectory(Path.Combine(_folder, "state"));
        var database = Path.Combine(_folder, "state", "series.db");
        await using (var store = new SeriesStore(new MetricsOptions { DatabasePath = database }))
        {
            var refused = await Invoked.RunAsync(ImportCommand.Build(), file, "--config", Config());
            Assert.Equal((2, ""), (refused.Code, refused.Output));
            Assert.StartsWith($"server.state: {database} is in use (", refused.Error, StringComparison.Ordinal);
            Assert.Equal(0, store.Statistics.SeriesCount);
        }

        Assert.Equal(0, (await Invoked.RunAsync(ImportCommand.Build(), file, "--config", Config())).Code);
    }

    [Fact]
    public async Task Import_OfNoFile_IsUnusable()
    {
        var done = await Invoked.RunAsync(ImportCommand.Build(), Path.Combine(_folder, "none"), "--config", Config());
        Assert.Equal(new Invoked(2, "", $"{Path.Combine(_folder, "none")}: does not exist\n"), done);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string Config() => Write("c.yaml", $"server:\n  listen: 127.0.0.1:{Testing.Loopback.FreePort()}\n  state: {Path.Combine(_folder, "state")}\n");
}

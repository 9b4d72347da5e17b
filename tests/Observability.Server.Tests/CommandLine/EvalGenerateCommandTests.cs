using System.Text.Json.Nodes;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary><c>eval generate</c> as the shell sees it, and what <c>eval run</c> makes of the set.</summary>
public sealed class EvalGenerateCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("generate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SameSeedTwice_GivesTheSameBytes_AndTheSetIsScoredByItsOwnLabels()
    {
        var first = await GenerateAsync("a", "--parallel", "2");
        var second = await GenerateAsync("b", "--parallel", "1");

        Assert.Equal((0, "", 0, ""), (first.Code, first.Error, second.Code, second.Error));
        Assert.Contains("train: ", first.Output, StringComparison.Ordinal);
        Assert.Contains("20 faults in ", first.Output, StringComparison.Ordinal);
        Assert.Equal(["manifest.json", "test.jsonl", "train.jsonl", "validation.jsonl"], Names("a"));
        Assert.All(Names("a"), name => Assert.Equal(File.ReadAllBytes(PathOf("a", name)), File.ReadAllBytes(PathOf("b", name))));

        var report = PathOf("", "report.json");
        var run = await Invoked.RunAsync(EvalCommand.Build(), "run", "--set", "bundle", PathOf("a", "train.jsonl"), "--out", report, "--content", SharedData.RepositoryRoot(), "--ablations");

        Assert.True(run.Code == 0, run.Error);
        var told = JsonNode.Parse(await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken))!;
        var without = told["tables"]!.AsArray().Single(table => ((string)table!["title"]!).StartsWith("Without", StringComparison.Ordinal))!;
        Assert.Equal(["nothing", "topology", "ml", "peers"], without["rows"]!.AsArray().Select(row => (string)row![0]!));
        var recall = told["figures"]!.AsArray().Single(figure => (string)figure!["name"]! == "recall")!;
        Assert.InRange((double)recall["value"]!, 0.5, 1);
        Assert.Equal((string)JsonNode.Parse(await File.ReadAllTextAsync(PathOf("a", "manifest.json"), TestContext.Current.CancellationToken))!["parts"]!["train"]!["file"]!, Path.GetFileName((string)told["path"]!));
    }

    [Fact]
    public async Task OnePart_IsThatOfTheWholeSet()
    {
        var whole = await GenerateAsync("whole");
        var test = await GenerateAsync("test", "--part", "test");

        Assert.Equal((0, 0), (whole.Code, test.Code));
        Assert.Equal(["manifest.json", "test.jsonl"], Names("test"));
        Assert.Equal(File.ReadAllBytes(PathOf("whole", "test.jsonl")), File.ReadAllBytes(PathOf("test", "test.jsonl")));
    }

    [Theory]
    [InlineData("--faults: 19 is outside 20 to 1000000", "--faults", "19")]
    [InlineData("--faults: 1000001 is outside 20 to 1000000", "--faults", "1000001")]
    [InlineData("--seed: -1 is below 0", "--seed", "-1")]
    [InlineData("--parallel: 65 is outside 1 to 64", "--parallel", "65")]
    public async Task BadOption_IsRefusedAndNothingIsWritten(string says, params string[] options)
    {
        var run = await Invoked.RunAsync(EvalGenerateCommand.Build(), ["--out", PathOf("x", ""), "--content", SharedData.RepositoryRoot(), .. options]);

        Assert.Equal((2, says, ""), (run.Code, run.Error.Trim(), run.Output));
        Assert.False(Directory.Exists(PathOf("x", "")));
    }

    [Fact]
    public async Task FolderInUse_IsLeftAlone()
    {
        Directory.CreateDirectory(PathOf("x", "y"));

        var run = await Invoked.RunAsync(EvalGenerateCommand.Build(), "--out", PathOf("x", ""), "--content", SharedData.RepositoryRoot());

        Assert.Equal((2, $"--out: {PathOf("x", "")} is not empty; a set needs a folder of its own"), (run.Code, run.Error.Trim()));
    }

    private Task<Invoked> GenerateAsync(string name, params string[] options) =>
        Invoked.RunAsync(EvalGenerateCommand.Build(), ["--out", PathOf(name, ""), "--faults", "20", "--seed", "3", "--content", SharedData.RepositoryRoot(), .. options]);

    private string PathOf(string set, string name) => Path.TrimEndingDirectorySeparator(Path.Combine(_folder, set, name));

    private string[] Names(string set) => [.. Directory.EnumerateFileSystemEntries(PathOf(set, "")).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
}

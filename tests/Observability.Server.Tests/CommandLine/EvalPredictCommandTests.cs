using System.Text.Json.Nodes;
using Observability.Testing;

namespace Observability.Server.Tests;

public sealed class EvalPredictCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("predict-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task FlightRecorder_NamesTheRanksOfEveryCase_WithoutTheLabelsAndWhateverTheFolderIsCalled()
    {
        var shared = SharedData.Folder("samples", "flight_recorder");
        Assert.SkipUnless(Directory.Exists(shared), $"{shared} is not on this machine");
        Copy(Path.Combine(shared, "lock_gil_1st"), "deep/er/first");
        Copy(Path.Combine(shared, "gpu_error_1st"), "second");
        await File.WriteAllTextAsync(Path.Combine(_folder, "second", "rank99.json"), "{\"pg_config\": 1", TestContext.Current.CancellationToken);

        var run = await Invoked.RunAsync(EvalCommand.Build(), "predict", "--set", "flight-recorder", _folder, "--out", Answers);

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(["flight_recorder/first [9,14]", "flight_recorder/second [12,14]"], Read().Select(line => $"{line["case"]} {line["ranks"]!.ToJsonString()}"));
        Assert.Contains("rank99.json: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("2 cases answered", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FolderWithoutCases_IsSaid()
    {
        var run = await Invoked.RunAsync(EvalCommand.Build(), "predict", "--set", "flight-recorder", _folder, "--out", Answers);

        Assert.Equal((1, $"{_folder}: holds no case of the set flight-recorder"), (run.Code, run.Error.Trim()));
    }

    [Theory]
    [InlineData("nonsense", "Argument 'nonsense' not recognized")]
    public async Task UnknownSet_IsRefusedWithThoseThereAre(string set, string says)
    {
        var run = await Invoked.RunAsync(EvalCommand.Build(), "predict", "--set", set, _folder, "--out", Answers);

        Assert.NotEqual(0, run.Code);
        Assert.Contains(says, run.Error + run.Output, StringComparison.Ordinal);
        Assert.Contains("flight-recorder", run.Error + run.Output, StringComparison.Ordinal);
    }

    private string Answers => Path.Combine(_folder, "answers.jsonl");

    private JsonNode[] Read() => [.. File.ReadLines(Answers).Select(line => JsonNode.Parse(line)!)];

    // The dumps alone: what was injected stays behind.
    private void Copy(string from, string to)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, to)).FullName;
        foreach (var file in Directory.GetFiles(from, "*.json"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }
}

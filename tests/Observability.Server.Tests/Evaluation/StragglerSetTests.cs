using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Observability.Server.Tests;

public sealed class StragglerSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("straggler-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Predict_AnswersEveryTrace_WhereverItLies_WithoutALabel()
    {
        Write("jobs/one", "timeline-one.json.gz", slow: 2);
        Write("jobs", "timeline-two.json", slow: -1);
        await File.WriteAllTextAsync(Path.Combine(_folder, "jobs", "ideal-timeline-two.json"), "a label", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "jobs", "result-two.json"), "a label", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "jobs", "timeline-broken.json"), "[{", TestContext.Current.CancellationToken);
        var file = Path.Combine(_folder, "answers.jsonl");

        var run = await Invoked.RunAsync(EvalCommand.Build(), "predict", "--set", "straggler", Path.Combine(_folder, "jobs"), "--out", file);

        Assert.True(run.Code == 0, run.Error);
        var answers = File.ReadLines(file).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(
            ["bytedance-straggler/broken none [] null", "bytedance-straggler/one worker [[2,0]] null", "bytedance-straggler/two none [] null"],
            answers.Select(answer => $"{answer["case"]} {answer["cause"]} {answer["workers"]!.ToJsonString()} {answer["stage"]?.ToJsonString() ?? "null"}"));
        Assert.Contains("timeline-broken.json", run.Error, StringComparison.Ordinal);
        // Of four copies one takes twice as long, and all wait for it: 2 where the mean is 1.25.
        Assert.InRange((double)answers[1]["slowdown"]!, 1.55, 1.65);
    }

    [Fact]
    public void Score_ReadsWhatTheAuthorsSay()
    {
        var set = new StragglerSet();
        Write("", "timeline-a.json", slow: 2);
        File.WriteAllText(Path.Combine(_folder, "result-a.json"), """{"blocking_slowdown":1.6,"blocking_decompose_by_dp_rank":{"0":1.0,"2,2":1.6},"blocking_decompose_by_stage":{"0":1.6}}""");
        File.WriteAllText(Path.Combine(_folder, "mw-a.json"), """{"Mw":1.0}""");
        Write("", "timeline-b.json", slow: 1);
        File.WriteAllText(Path.Combine(_folder, "result-b.json"), """{"blocking_slowdown":3.2}""");
        File.WriteAllText(Path.Combine(_folder, "ms-b.json"), """{"Ms":0.9}""");
        Write("", "timeline-c.json", slow: 1);
        File.WriteAllText(Path.Combine(_folder, "result-c.json"), """{"blocking_slowdown":1.6}""");

        var score = set.Score(_folder, [.. set.Answer(_folder, _ => { })]);
        var figures = score.Figures.ToDictionary(figure => figure.Name, figure => (Math.Round(figure.Value, 2), figure.Cases));

        Assert.Equal((0.5, 2), figures["cause_correct"]);
        Assert.Equal((0.5, 2), figures["place_correct"]);
        Assert.Equal(3, figures["slowdown_relative_error"].Cases);
        Assert.Equal((0.67, 3), figures["false_accusation_of_a_worker"]);
        Assert.Equal("not told", score.Tables[0].Rows[2][5]);
    }

    // Four copies of a model without stages; one takes twice as long.
    private void Write(string folder, string name, int slow)
    {
        var random = new Random(1);
        var events = new JsonArray();
        for (var copy = 0; copy < 4; copy++)
        {
            events.Add(new JsonObject { ["name"] = "thread_name", ["ph"] = "M", ["pid"] = copy, ["tid"] = 0, ["args"] = new JsonObject { ["name"] = "PP rank 0, TP rank 0, compute" } });
            for (var step = 0; step < 3; step++)
            {
                var at = 1e8 * step;
                foreach (var pass in Enumerable.Range(0, 4).SelectMany(_ => new[] { "forward-compute", "backward-compute" }))
                {
                    var took = (pass[0] == 'f' ? 1e5 : 2e5) * (copy == slow ? 2 : 1) * (1 + (0.01 * random.NextDouble()));
                    events.Add(new JsonObject { ["name"] = pass, ["ph"] = "X", ["pid"] = copy, ["tid"] = 0, ["ts"] = at, ["dur"] = took, ["args"] = new JsonObject { ["step"] = step } });
                    at += took;
                }
            }
        }

        using Stream file = File.Create(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName, name));
        using var content = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Compress) : file;
        content.Write(System.Text.Encoding.UTF8.GetBytes(events.ToJsonString()));
    }
}

using System.Text.Json.Nodes;
using Observability.Collectors;

namespace Observability.Server;

/// <summary>
/// Traces of training jobs, one file a case, <c>timeline-AR.json.gz</c> the case AR:
/// <code>{"case":"bytedance-straggler/AR","cause":"worker","workers":[[0,0]],"stage":null,"slowdown":1.97,"shares":{"worker":1.0,"stage":0.0,"sequence":0.0}}</code>
/// A worker is its data-parallel rank and its pipeline stage. Nothing but the traces is read.
/// </summary>
internal sealed class StragglerSet : ILabelledSet
{
    private const string Prefix = "timeline";

    /// <inheritdoc/>
    public string Name => "straggler";

    /// <inheritdoc/>
    public IEnumerable<JsonObject> Answer(string path, Action<string> trouble)
    {
        foreach (var (name, file) in Cases(path))
        {
            var trace = ChromeTraceReader.ReadFile(file, out var error);
            if (error is not null)
                trouble(error);
            foreach (var fault in trace?.Refused ?? [])
                trouble(fault);
            yield return Answer(name, trace is null ? new StragglerVerdict(StragglerCause.None, 1) : StragglerAnalysis.Analyse(trace));
        }
    }

    /// <inheritdoc/>
    public EvalScore Score(string path, IReadOnlyList<JsonObject> answers) =>
        StragglerScore.Of([.. Cases(path).Select(one => (one.Name, StragglerLabel.Beside(one.File, IdOf(one.File)), answers.FirstOrDefault(answer => (string?)answer["case"] == one.Name)))]);

    private static JsonObject Answer(string name, StragglerVerdict verdict) => new()
    {
        ["case"] = name,
        ["cause"] = OptionValue.SnakeCase(verdict.Cause.ToString()),
        ["workers"] = new JsonArray([.. verdict.Workers.Select(worker => (JsonNode)new JsonArray(worker.DataParallelRank, worker.Stage))]),
        ["stage"] = verdict.Stage,
        ["slowdown"] = Math.Round(verdict.Slowdown, 4),
        ["shares"] = new JsonObject(verdict.Shares.Select(pair => KeyValuePair.Create(OptionValue.SnakeCase(pair.Key.ToString()), (JsonNode?)Math.Round(pair.Value, 4)))),
        ["worst_workers_share"] = Math.Round(verdict.WorstWorkersShare, 4),
        ["last_stage_share"] = Math.Round(verdict.LastStageShare, 4),
    };

    private static IEnumerable<(string Name, string File)> Cases(string path) => Directory.EnumerateFiles(path, $"{Prefix}*.json*", SearchOption.AllDirectories)
        .Where(file => file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".json.gz", StringComparison.OrdinalIgnoreCase))
        .Select(file => ($"bytedance-straggler/{(IdOf(file) is { Length: > 0 } id ? id : Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))))}", file))
        .OrderBy(pair => pair.Item1, StringComparer.Ordinal).ThenBy(pair => pair.file, StringComparer.Ordinal).DistinctBy(pair => pair.Item1);

    // What the file's name says after its first word: all files of a case end alike.
    private static string IdOf(string file)
    {
        var name = Path.GetFileName(file);
        return name[Prefix.Length..name.LastIndexOf(".json", StringComparison.OrdinalIgnoreCase)].TrimStart('-', '_', '.');
    }
}

using System.Text.Json.Nodes;
using Observability.Collectors;

namespace Observability.Server;

/// <summary>
/// Folders of NCCL flight-recorder dumps, one folder a case:
/// <code>{"case":"flight_recorder/lock_gil_1st","ranks":[9,14],"kind":"not_enqueued","group":"…","sequence":42}</code>
/// No ranks means that none can be named. Nothing but the dumps is read.
/// </summary>
internal sealed class FlightRecorderSet : ILabelledSet
{
    /// <inheritdoc/>
    public string Name => "flight-recorder";

    /// <inheritdoc/>
    public IEnumerable<JsonObject> Answer(string path, Action<string> trouble)
    {
        foreach (var folder in Folders(path))
        {
            var dumps = FlightRecorderFolder.Read(folder, out var refused);
            foreach (var fault in refused)
                trouble($"{Path.Combine(folder, fault)}");
            if (dumps.Count == 0 && refused.IsEmpty)
                continue;
            var verdict = FlightRecorderAnalysis.Analyse(dumps);
            yield return new JsonObject
            {
                ["case"] = CaseOf(folder),
                ["ranks"] = new JsonArray([.. verdict.Ranks.Select(rank => (JsonNode)rank)]),
                ["kind"] = OptionValue.SnakeCase(verdict.Kind.ToString()),
                ["group"] = verdict.ProcessGroup,
                ["sequence"] = verdict.Sequence,
            };
        }
    }
    /// <inheritdoc/>
    public EvalScore Score(string path, IReadOnlyList<JsonObject> answers)
    {
        var said = answers.DistinctBy(answer => (string?)answer["case"]).ToDictionary(answer => (string)answer["case"]!, StringComparer.Ordinal);
        return FlightRecorderScore.Of(
            [.. Folders(path).Select(folder => (Name: CaseOf(folder), Label: FlightRecorderLabel.In(folder))).Where(one => one.Label is not null)
                .Select(one => (one.Name, one.Label!, said.GetValueOrDefault(one.Name)))]);
    }

    // The folder itself may be a case, and cases may lie at any depth.
    private static IOrderedEnumerable<string> Folders(string path) =>
        Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).Prepend(path).Order(StringComparer.Ordinal);

    private static string CaseOf(string folder) => $"flight_recorder/{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}";
}

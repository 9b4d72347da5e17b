using System.Text.Json.Nodes;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>
/// Issues of a micro-service application: metrics, a call graph and the node whose latency or availability was alerted.
/// <code>{"case":"low_traffic/train/issue_3","ranking":[{"id":"PetSearch","score":94.1}]}</code>
/// </summary>
internal sealed class PetShopSet : ILabelledSet
{
    /// <inheritdoc/>
    public string Name => "petshop";

    /// <inheritdoc/>
    public IEnumerable<JsonObject> Answer(string path, Action<string> trouble)
    {
        // The normal period of a scenario is read once for all its issues.
        foreach (var scenario in PetShopCase.Below(path).GroupBy(one => one.Scenario).OrderBy(group => group.First().Name, StringComparer.Ordinal))
        {
            var (graph, normal) = PetShopCase.ReadScenario(scenario.Key, trouble);
            foreach (var one in scenario)
            {
                var (target, window) = (one.ReadTarget(trouble), one.ReadWindow(trouble));
                if (target is { } column && window is not null && graph is null)
                    trouble($"{one.Name}: no folder above it has a graph.csv; every measured node counts as one that {column.Node} calls");
                yield return Ranking.Answer(one.Name, target is { } found && window is not null ? RankByLoss.Rank(graph ?? Star(found.Node, window), normal, window, found) : []);
            }
        }
    }

    /// <inheritdoc/>
    public EvalScore Score(string path, IReadOnlyList<JsonObject> answers) => PetShopScore.Of(path, answers);

    private static ServiceGraph Star(string node, MetricTable window) =>
        new([], window.Columns.Select(column => column.Node).Distinct().Select(other => new ServiceLink(node, ServiceEdge.Calls, other)));
}

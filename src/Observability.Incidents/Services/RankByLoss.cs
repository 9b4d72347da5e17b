using System.Globalization;

namespace Observability.Incidents;

/// <summary>
/// Ranks the nodes of a call graph as the cause of one node's trouble, from metrics alone. What a node lost of its own is what its callees'
/// losses leave of its loss; the cause is the node whose own loss, passed upwards in part or whole, explains most of what the target lost.
/// docs/service-ranking.md has the method and where its parts come from.
/// </summary>
public static class RankByLoss
{
    /// <summary>The nodes that may be the cause, likeliest first; none where the target is not in trouble. Scores are 0 to 101.</summary>
    /// <param name="graph">Who calls whom.</param>
    /// <param name="normal">Rows of a time without trouble; may be empty, then the window's own first rows stand for it.</param>
    /// <param name="window">Rows around the trouble, which shows from <see cref="LossRankingOptions.OnsetRow"/> at the latest.</param>
    /// <param name="target">Whose trouble, seen in which metric and statistic.</param>
    /// <param name="options">What to go by; the defaults where null.</param>
    public static IReadOnlyList<RankedNode> Rank(ServiceGraph graph, MetricTable normal, MetricTable window, MetricColumn target, LossRankingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(normal);
        ArgumentNullException.ThrowIfNull(window);
        options ??= new LossRankingOptions();
        var scene = new LossScene(normal, window, Measured(window, target, options), options);
        var targetLoss = scene.TargetLoss;
        if (targetLoss.Sum() <= 0 || scene.PValue() > options.Significance)
            return [];

        var below = graph.Below(target.Node);
        var losses = new Dictionary<string, double[]>(StringComparer.Ordinal) { [target.Node] = [.. targetLoss] };
        foreach (var node in below)
        {
            if (!losses.ContainsKey(node) && scene.Loss(node) is { } loss && loss.Any(value => value > 0))
                losses[node] = loss;
        }

        return [.. below.Where(losses.ContainsKey).Select(node => Judge(node, graph, losses, scene, node == target.Node ? options.TargetWeight : 1))
            .OrderByDescending(node => node.Score).ThenBy(node => node.Id, StringComparer.Ordinal)];
    }

    private static RankedNode Judge(string node, ServiceGraph graph, Dictionary<string, double[]> losses, LossScene scene, double weight)
    {
        var loss = losses[node];
        double[][] below = [.. graph.DependsOn(node).Where(losses.ContainsKey).Select(other => losses[other])];
        double[] own = [.. BoundedFit.Residual(loss, below).Select(value => Math.Max(0, value))];
        var explained = BoundedFit.Explained(scene.TargetLoss, own);
        // Where two explain alike, most often nothing, the one that lost more comes first.
        var lost = Math.Min(1, loss.Sum() / scene.TargetLoss.Sum());
        var (worst, usual) = scene.Peak(node);
        return new RankedNode(node, Math.Round((100 * weight * explained) + lost, 6),
        [
            Line($"explains {explained:P0} of the loss to be explained"),
            Line($"lost {loss.Sum():G4} in all, {own.Sum():G4} of it not explained by what it depends on"),
            Line($"at its worst {worst:G4}, normally {usual:G4}"),
        ]);
    }

    // A target without values in the statistic asked for is judged by another one of the same metric.
    private static MetricColumn Measured(MetricTable window, MetricColumn target, LossRankingOptions options) =>
        window.Columns.Where(column => column.Node == target.Node && column.Metric == target.Metric && window[column].Skip(options.OnsetRow).Any(double.IsFinite))
            .OrderBy(column => column.Statistic != target.Statistic).ThenBy(column => column.Statistic, StringComparer.Ordinal)
            .FirstOrDefault(target);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

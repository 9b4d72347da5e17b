using Observability.Incidents;

namespace Observability.Server;

/// <summary>
/// The method that was published with the PetShop data (Hardt et al., CLeaR 2024), written from its description, to be reported beside ours: a node
/// is anomalous where it deviates by more than five MADs; roots are anomalous nodes without an anomalous callee on an anomalous path from the
/// target, ranked by the sum of deviations on it.
/// </summary>
internal static class AnomalyTraversal
{
    private const double Threshold = 5;
    private const double NormalMad = 1.4826;
    private const int FirstRow = 2;

    /// <summary>Roots with their scores; none where the target is as usual.</summary>
    public static IReadOnlyDictionary<string, double> Rank(ServiceGraph graph, MetricTable normal, MetricTable window, MetricColumn target)
    {
        var scores = graph.Below(target.Node).ToDictionary(node => node, node => Deviations(normal[target with { Node = node }], window[target with { Node = node }]), StringComparer.Ordinal);
        var row = Enumerable.Range(FirstRow, Math.Max(0, window.Rows - FirstRow)).Where(at => At(target.Node, at) > Threshold).DefaultIfEmpty(-1).First();
        var roots = new Dictionary<string, double>(StringComparer.Ordinal);
        if (row >= 0)
            Walk(target.Node, 0, []);
        return roots;

        void Walk(string node, double before, HashSet<string> path)
        {
            path.Add(node);
            var sum = before + At(node, row);
            string[] next = [.. graph.Callees(node).Where(callee => !path.Contains(callee) && At(callee, row) > Threshold)];
            foreach (var callee in next)
                Walk(callee, sum, path);
            if (next.Length == 0)
                roots[node] = Math.Max(roots.GetValueOrDefault(node), sum);
            path.Remove(node);
        }

        double At(string node, int at) => at < scores[node].Count ? scores[node][at] : 0;
    }

    private static IReadOnlyList<double> Deviations(IReadOnlyList<double> normal, IReadOnlyList<double> window)
    {
        var known = normal.Where(double.IsFinite).ToArray();
        if (known.Length == 0)
            return [];
        var median = Median(known);
        var mad = NormalMad * Median([.. known.Select(value => Math.Abs(value - median))]);
        return [.. window.Select(value => !double.IsFinite(value) || value == median ? 0 : mad > 0 ? Math.Abs(value - median) / mad : double.PositiveInfinity)];
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}

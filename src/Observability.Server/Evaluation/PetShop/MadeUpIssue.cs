using Observability.Incidents;

namespace Observability.Server;

/// <summary>
/// Issues that nobody labelled: five rows of a scenario's normal period with a fault written into them at a node drawn at random. What the node
/// loses is handed on to its callers by their share of its requests, 60 to 100 % of it each time, up to the target. They have other culprits than
/// the recorded issues and the same noise.
/// </summary>
internal sealed record MadeUpIssue(MetricTable Normal, MetricTable Window, MetricColumn Target, string Culprit)
{
    private const int WindowRows = 5;
    private const double KnownShare = 0.5;
    private const double LeastPassed = 0.6;
    private static readonly string[] Failing = ["availability", "success"];

#pragma warning disable CA5394 // A trial wants repeatable numbers, not secret ones.

    /// <summary>An issue; null where the draw gives none that the target would show.</summary>
    public static MadeUpIssue? Draw(ServiceGraph graph, MetricTable normal, MetricColumn target, MetricColumn volume, Random random)
    {
        var from = random.Next((int)(KnownShare * normal.Rows), normal.Rows - WindowRows);
        var before = normal.Slice(0, from);
        var requests = graph.Nodes.ToDictionary(node => node, node => Median(before[volume with { Node = node }]), StringComparer.Ordinal);
        string[] candidates = [.. graph.Below(target.Node).Where(node => requests[node] > 0 && double.IsFinite(Median(before[target with { Node = node }])))];
        if (candidates.Length < 2 || !candidates.Contains(target.Node))
            return null;
        var culprit = candidates[random.Next(candidates.Length)];
        var lost = Handed(graph, culprit, target.Node, requests, random);
        if (!lost.TryGetValue(target.Node, out var reaches))
            return null;

        // So much that the target is 3 to 12 of its deviations slower, or fails 0.5 to 6 % of its requests.
        var isFailing = Failing.Any(word => target.Metric.Contains(word, StringComparison.OrdinalIgnoreCase));
        var usual = Median(before[target]);
        var deviation = 1.4826 * Median([.. before[target].Select(value => Math.Abs(value - usual))]);
        var amount = (isFailing ? -(0.5 + (5.5 * random.NextDouble())) : (3 + (9 * random.NextDouble())) * deviation) * requests[target.Node] / reaches;
        // A node cannot fail more requests than it has.
        if (isFailing && lost.Any(one => -amount * one.Value > usual * requests[one.Key]))
            return null;
        double[] shape = [0, 0, 0.4 + (0.6 * random.NextDouble()), 0.4 + (0.6 * random.NextDouble()), 0];
        var window = normal.Slice(from, WindowRows);
        return new MadeUpIssue(before, new MetricTable(WindowRows, window.Columns.Select(column => KeyValuePair.Create(column,
            column == target with { Node = column.Node } && lost.TryGetValue(column.Node, out var share)
                ? (IReadOnlyList<double>)[.. window[column].Select((value, row) => Math.Max(0, value + (amount * share * shape[row] / requests[column.Node])))]
                : window[column]))), target, culprit);
    }

    private static Dictionary<string, double> Handed(ServiceGraph graph, string culprit, string target, Dictionary<string, double> requests, Random random)
    {
        var lost = new Dictionary<string, double>(StringComparer.Ordinal) { [culprit] = 1 };
        var next = new Queue<string>(lost.Keys);
        while (next.TryDequeue(out var node))
        {
            string[] callers = [.. graph.Callers(node).Where(caller => requests[caller] > 0)];
            foreach (var caller in callers)
            {
                var isNew = !lost.ContainsKey(caller);
                if (!isNew && caller != target)
                    continue;
                lost[caller] = lost.GetValueOrDefault(caller) + (lost[node] * requests[caller] / callers.Sum(other => requests[other]) * (LeastPassed + ((1 - LeastPassed) * random.NextDouble())));
                if (isNew)
                    next.Enqueue(caller);
            }
        }

        return lost;
    }
#pragma warning restore CA5394

    private static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}

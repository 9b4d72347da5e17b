using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>
/// What the expressions of one rule group have in common: a selector, or a function over one range selector, that stands in several
/// of them is evaluated once per round. What a rule writes is looked up anew by the rules behind it. One caller at a time.
/// </summary>
public sealed class SharedSelections
{
    private readonly HashSet<string> _repeated;
    private readonly Dictionary<(string Text, bool Named), (string Metric, List<VectorSeries> Series)> _found = [];

    /// <summary>Finds what is repeated; an expression that does not parse shares nothing.</summary>
    public SharedSelections(IEnumerable<string> expressions)
    {
        _repeated = [.. expressions
            .Select(text => PromQlParser.Parse(text, experimental: true))
            .Where(parsed => parsed.Succeeded)
            .SelectMany(parsed => Candidates(parsed.Expression!))
            .GroupBy(text => text, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key)];
    }

    /// <summary>Selections that stand in several expressions.</summary>
    public int Count => _repeated.Count;

    /// <summary>Begins a round, or ends one: nothing is known.</summary>
    public void Clear() => _found.Clear();

    /// <summary>Series of a metric were written.</summary>
    public void Forget(string metric)
    {
        foreach (var (key, _) in _found.Where(entry => entry.Value.Metric == metric).ToList())
            _found.Remove(key);
    }

    /// <summary>What a node gives: of this round, where another expression has asked for it.</summary>
    internal List<VectorSeries> Get(PromQlExpression node, bool named, Func<List<VectorSeries>> evaluate)
    {
        if (_repeated.Count == 0 || MetricOf(node) is not { } metric || node.ToString() is var text && !_repeated.Contains(text))
            return evaluate();
        if (!_found.TryGetValue((text, named), out var known))
            _found.Add((text, named), known = (metric, evaluate()));
        // Callers sort and filter lists in place.
        return [.. known.Series];
    }

    // Within a subquery steps are other ones.
    private static IEnumerable<string> Candidates(PromQlExpression node) => MetricOf(node) is not null ? [node.ToString()]
        : node is Subquery ? []
        : node.Children.SelectMany(Candidates);

    // The one metric that a node reads; null where it is not a node that is shared, or reads metrics that are not known by name.
    private static string? MetricOf(PromQlExpression node) => node switch
    {
        VectorSelector selector => selector.MetricName,
        Call { Arguments: [RangeSelector range] } => range.Selector.MetricName,
        _ => null,
    };
}

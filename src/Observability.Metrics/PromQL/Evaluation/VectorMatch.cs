using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>Arithmetic and comparison between two vectors: one to one, or many to one.</summary>
internal sealed class VectorMatch(Binary binary, VectorMatching matching, EvaluationGrid grid, bool delayedNameRemoval)
{
    private readonly LabelGrouping _signature = matching.Signature();
    private readonly LabelGrouping _result = matching.Result(dropsName: DropsNames(binary, delayedNameRemoval));
    private readonly Dictionary<LabelSet, VectorSeries> _results = [];
    private readonly Dictionary<LabelSet, bool[]> _taken = [];

    private bool IsOneToOne => matching.Cardinality == MatchCardinality.OneToOne;

    private bool SwapsSides => matching.Cardinality == MatchCardinality.OneToMany;

    public List<VectorSeries> Evaluate(List<VectorSeries> left, List<VectorSeries> right)
    {
        var (many, one) = SwapsSides ? (right, left) : (left, right);
        if (many.Count == 0 || one.Count == 0)
            return [];
        var groups = new Dictionary<LabelSet, Group>(_signature);
        foreach (var series in one)
        {
            if (!groups.TryGetValue(series.Labels, out var group))
                groups.Add(series.Labels, group = new Group());
            group.Members.Add(series);
        }

        foreach (var group in groups.Values)
            RefuseDuplicates(group.Members, many);
        foreach (var series in many)
        {
            if (!groups.TryGetValue(series.Labels, out var group))
                continue;
            foreach (var partner in group.Members)
                Match(group, series, partner);
        }

        return [.. _results.Values.Where(series => Array.Exists(series.Values, value => !VectorSeries.IsAbsent(value)))];
    }

    // Only at a step where the other side has anything: upstream returns early there.
    private void RefuseDuplicates(List<VectorSeries> members, List<VectorSeries> many)
    {
        if (members.Count < 2)
            return;
        for (var i = 0; i < grid.Count; i++)
        {
            var present = members.FindAll(series => !VectorSeries.IsAbsent(series.Values[i]));
            if (present.Count < 2 || !many.Exists(series => !VectorSeries.IsAbsent(series.Values[i])))
                continue;
            var names = present.Select(series => series.Labels).Order(LabelSet.Order).Take(2).Select(Describe);
            throw new EvaluationException(
                $"found duplicate series for the match group {Describe(_signature.Of(members[0].Labels))} on the {(SwapsSides ? "left" : "right")} hand-side of the operation: "
                + $"[{string.Join(", ", names)}];many-to-many matching not allowed: matching labels must be unique on one side");
        }
    }

    private void Match(Group group, VectorSeries series, VectorSeries partner)
    {
        VectorSeries? result = null;
        bool[]? taken = null;
        for (var i = 0; i < grid.Count; i++)
        {
            if (VectorSeries.IsAbsent(series.Values[i]) || VectorSeries.IsAbsent(partner.Values[i]))
                continue;
            result ??= ResultFor(series, partner);
            taken ??= IsOneToOne ? group.Taken ??= new bool[grid.Count] : TakenBy(result.Labels);
            if (taken[i])
            {
                throw new EvaluationException(IsOneToOne
                    ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                    : "multiple matches for labels: grouping labels must ensure unique matches");
            }

            taken[i] = true;
            var value = ValueAt(series.Values[i], partner.Values[i]);
            if (VectorSeries.IsAbsent(value))
                continue;
            if (!VectorSeries.IsAbsent(result.Values[i]))
                throw new EvaluationException("vector cannot contain metrics with the same labelset");
            result.Values[i] = value;
        }
    }

    private double ValueAt(double many, double one)
    {
        var (left, right) = SwapsSides ? (one, many) : (many, one);
        if (!binary.Operator.IsComparison())
            return Arithmetic.Compute(binary.Operator, left, right);
        var holds = Arithmetic.Compare(binary.Operator, left, right);
        return binary.ReturnsBool ? holds ? 1 : 0 : holds ? left : VectorSeries.Absent;
    }

    private bool[] TakenBy(LabelSet key)
    {
        if (!_taken.TryGetValue(key, out var taken))
            _taken.Add(key, taken = new bool[grid.Count]);
        return taken;
    }

    private VectorSeries ResultFor(VectorSeries series, VectorSeries partner)
    {
        var drops = DropsNames(binary, delayedNameRemoval);
        var labels = IsOneToOne ? _result.Of(series.Labels) : drops ? LabelSubset.DropName(series.Labels) : series.Labels;
        foreach (var name in matching.Include)
            labels = labels.With(name, partner.Labels[name]);
        if (_results.TryGetValue(labels, out var known))
            return known;
        var dropsLater = !drops && (binary.ReturnsBool || series.DropsName);
        var result = new VectorSeries(labels, VectorSeries.NoValues(grid.Count)) { DropsName = dropsLater };
        _results.Add(labels, result);
        return result;
    }

    private static bool DropsNames(Binary binary, bool delayedNameRemoval) =>
        !binary.Operator.IsComparison() || (binary.ReturnsBool && !delayedNameRemoval);

    private static string Describe(LabelSet labels) =>
        "{" + string.Join(", ", labels.Select(label => $"{label.Key}={PromQlText.Quote(label.Value)}")) + "}";

    // The series of the one side that have the same signature, and the steps at which one of them has been matched.
    private sealed class Group
    {
        public List<VectorSeries> Members { get; } = [];

        public bool[]? Taken { get; set; }
    }
}

using Observability.Model;

namespace Observability.Alerting;

/// <summary><c>record:</c>, stores the result of an expression under a new name.</summary>
internal sealed class RecordingRule(RuleSpec spec, RuleGroupSpec group, RuleContext context) : LoadedRule(spec, group, context)
{
    // What the labels of an element become: the same elements come at each evaluation, and the store finds the same label set faster.
    private Dictionary<LabelSet, LabelSet> _outputs = [];

    public override RuleStatus Status() => Status(RuleState.Inactive, []);

    protected override async Task<RuleResult> ProduceAsync(DateTimeOffset at, TimeSpan interval, CancellationToken cancellationToken)
    {
        var (elements, error) = await QueryAsync(at, cancellationToken);
        if (error is not null)
            return RuleResult.Failed(error);
        var time = (at - Group.QueryOffset).ToUnixTimeMilliseconds();
        var samples = new List<SeriesSample>(elements.Count);
        var before = _outputs;
        _outputs = new Dictionary<LabelSet, LabelSet>(elements.Count);
        var seen = new HashSet<LabelSet>();
        foreach (var element in elements)
        {
            if (!before.TryGetValue(element.Labels, out var labels))
                labels = element.Labels.With(LabelSet.MetricNameLabel, Spec.Name).With(Labels);
            _outputs.TryAdd(element.Labels, labels);
            if (!seen.Add(labels))
                return RuleResult.Failed("vector contains metrics with the same labelset after applying rule labels");
            samples.Add(new SeriesSample(labels, new Sample(time, element.Sample.Value)));
        }

        return samples.Count > Limit
            ? RuleResult.Failed($"exceeded limit of {Limit} with {samples.Count} series")
            : new RuleResult(samples, null);
    }
}

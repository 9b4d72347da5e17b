using System.Collections.Immutable;
using System.Globalization;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// <c>alert:</c> with Prometheus's state machine: inactive, pending, firing, inactive
/// (alert generator compliance specification 1.0; facts/promql.md §7).
/// </summary>
internal sealed class AlertingRule : LoadedRule
{
    private readonly ImmutableArray<(string Name, Template Text)> _labelTemplates;
    private readonly ImmutableArray<(string Name, Template Text)> _annotationTemplates;
    private Dictionary<LabelSet, AlertInstance> _active = [];

    // Until the state of before a restart is read, nothing is written that would hide it.
    private bool _isRestored;

    /// <exception cref="TemplateException">A template cannot be read; the message names its label or annotation.</exception>
    public AlertingRule(RuleSpec spec, RuleGroupSpec group, RuleContext context)
        : base(spec, group, context)
    {
        _labelTemplates = ParseAll("label", Labels);
        _annotationTemplates = ParseAll("annotation", spec.Annotations);
        _isRestored = spec.For < context.Options.ForGracePeriod;
        QueriesInTemplates = Labels.Concat(spec.Annotations).Any(text => text.Value.Contains("query", StringComparison.Ordinal));
    }

    /// <summary>True where a template may read series of any name.</summary>
    public bool QueriesInTemplates { get; }

    /// <summary>True where the rule waits for its state of before a restart.</summary>
    public bool AwaitsRestore => !_isRestored;

    /// <summary>What there was of earlier state is read; from now on the rule writes its own.</summary>
    public void SetRestored() => _isRestored = true;

    public override void TakeStateOf(LoadedRule other)
    {
        base.TakeStateOf(other);
        _active = ((AlertingRule)other)._active;
        _isRestored |= ((AlertingRule)other)._isRestored;
    }

    public override void Retire(DateTimeOffset at, string source)
    {
        base.Retire(at, source);
        foreach (var instance in _active.Values.Where(instance => instance.State == RuleState.Firing))
            Post(instance, AlertState.Resolved, at, at);
        _active.Clear();
    }

    public override IEnumerable<string> Writes => ["ALERTS", "ALERTS_FOR_STATE"];

    public override RuleStatus Status()
    {
        var alerts = _active.Values
            .Select(alert => new ActiveAlert(alert.Labels, alert.Annotations, alert.State, alert.ActiveAt, alert.Value)
            {
                KeepFiringSince = alert.KeepFiringSince,
            })
            .ToImmutableArray();
        return Status(alerts.IsEmpty ? RuleState.Inactive : alerts.Max(alert => alert.State), alerts);
    }

    /// <summary>
    /// Gives pending alerts their time back after a restart, from the last <c>ALERTS_FOR_STATE</c> sample of before it.
    /// </summary>
    /// <param name="labels">Labels of the series without its name.</param>
    /// <param name="activeAt">When the alert became active.</param>
    /// <param name="downAt">When the last sample was written.</param>
    /// <param name="now">The present.</param>
    public void Restore(LabelSet labels, DateTimeOffset activeAt, DateTimeOffset downAt, DateTimeOffset now)
    {
        if (!_active.TryGetValue(labels, out var instance) || instance.State != RuleState.Pending)
            return;
        var left = Spec.For - (downAt - activeAt);
        if (left <= TimeSpan.Zero)
            instance.ActiveAt = activeAt;
        else if (left < Context.Options.ForGracePeriod)
            instance.ActiveAt = now + Context.Options.ForGracePeriod - Spec.For;
        else
            instance.ActiveAt = activeAt + (now - downAt);
    }

    protected override async Task<RuleResult> ProduceAsync(DateTimeOffset at, TimeSpan interval, CancellationToken cancellationToken)
    {
        var (elements, error) = await QueryAsync(at, cancellationToken);
        if (error is not null)
            return RuleResult.Failed(error);

        var found = new HashSet<LabelSet>();
        var fresh = new List<AlertInstance>(elements.Count);
        // In the order of their labels: what reaches correlation together then does not depend on which series the store met first.
        foreach (var element in elements.OrderBy(element => element.Labels, LabelSet.Order))
        {
            var instance = await ExpandAsync(element, at, cancellationToken);
            if (!found.Add(instance.Labels))
                return RuleResult.Failed("vector contains metrics with the same labelset after applying alert labels");
            fresh.Add(instance);
        }

        fresh.ForEach(Merge);
        var ended = Advance(found, at);
        var count = _active.Count;
        if (count > Limit)
        {
            _active.Clear();
            return RuleResult.Failed($"exceeded limit of {Limit} with {count} alerts");
        }

        PostChanges(ended, at, interval);
        return new RuleResult(_isRestored ? WriteState(at - Group.QueryOffset) : [], null);
    }

    private static ImmutableArray<(string Name, Template Text)> ParseAll(string kind, LabelSet texts)
    {
        var templates = ImmutableArray.CreateBuilder<(string, Template)>(texts.Count);
        foreach (var (name, text) in texts)
        {
            try
            {
                templates.Add((name, Template.Parse(text)));
            }
            catch (TemplateException failure)
            {
                throw new TemplateException($"{kind} \"{name}\": {failure.Message}");
            }
        }

        return templates.ToImmutable();
    }

    private async ValueTask<AlertInstance> ExpandAsync(SeriesSample element, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var scope = new TemplateScope(element.Labels, element.Sample.Value)
        {
            At = at,
            Engine = Context.Engine,
            ExternalLabels = Context.Options.ExternalLabels,
            ExternalUrl = Context.Options.ExternalUrl,
        };
        var added = await ExpandAsync(_labelTemplates, scope, cancellationToken);
        var labels = element.Labels.Without(LabelSet.MetricNameLabel).With(added).With(AlertLabel.Name, Spec.Name);
        return new AlertInstance(labels, at)
        {
            Annotations = await ExpandAsync(_annotationTemplates, scope, cancellationToken),
            Value = element.Sample.Value,
        };
    }

    // A broken template costs its text, never the alert.
    private async ValueTask<LabelSet> ExpandAsync(
        ImmutableArray<(string Name, Template Text)> templates, TemplateScope scope, CancellationToken cancellationToken)
    {
        if (templates.IsEmpty)
            return LabelSet.Empty;
        var texts = new List<KeyValuePair<string, string>>(templates.Length);
        foreach (var (name, template) in templates)
        {
            string text;
            try
            {
                text = await template.ExpandAsync(scope, cancellationToken);
            }
            catch (TemplateException failure)
            {
                AlertingMetrics.TemplateFailures.Add(1);
                Context.Logger.TemplateFailed(Spec.Name, Spec.Source, failure.Message);
                text = $"<error expanding template: {failure.Message}>";
            }

            texts.Add(new(name, text));
        }

        return LabelSet.From(texts);
    }

    // A rule label with an empty text removes the label, as in Prometheus: LabelSet.With does so by itself.
    private void Merge(AlertInstance fresh)
    {
        if (_active.TryGetValue(fresh.Labels, out var known))
        {
            known.Value = fresh.Value;
            known.Annotations = fresh.Annotations;
        }
        else
        {
            _active.Add(fresh.Labels, fresh);
        }
    }

    private List<AlertInstance> Advance(HashSet<LabelSet> found, DateTimeOffset at)
    {
        var ended = new List<AlertInstance>();
        foreach (var instance in _active.Values.ToArray())
        {
            if (found.Contains(instance.Labels))
                instance.KeepFiringSince = null;
            else if (!IsKept(instance, at))
                End(instance, ended);

            if (instance.State == RuleState.Pending && at - instance.ActiveAt >= Spec.For && _active.ContainsKey(instance.Labels))
            {
                instance.State = RuleState.Firing;
                instance.FiredAt = at;
            }
        }

        return ended;
    }

    private bool IsKept(AlertInstance instance, DateTimeOffset at)
    {
        if (instance.State != RuleState.Firing || Spec.KeepFiringFor <= TimeSpan.Zero)
            return false;
        instance.KeepFiringSince ??= at;
        return at - instance.KeepFiringSince < Spec.KeepFiringFor;
    }

    private void End(AlertInstance instance, List<AlertInstance> ended)
    {
        _active.Remove(instance.Labels);
        if (instance.State == RuleState.Firing)
            ended.Add(instance);
    }

    private List<SeriesSample> WriteState(DateTimeOffset at)
    {
        var time = at.ToUnixTimeMilliseconds();
        var samples = new List<SeriesSample>(_active.Count * 2);
        foreach (var instance in _active.Values)
        {
            var state = instance.State == RuleState.Firing ? "firing" : "pending";
            samples.Add(new(instance.Labels.With(LabelSet.MetricNameLabel, "ALERTS").With("alertstate", state), new Sample(time, 1)));
            samples.Add(new(
                instance.Labels.With(LabelSet.MetricNameLabel, "ALERTS_FOR_STATE"),
                new Sample(time, instance.ActiveAt.ToUnixTimeSeconds())));
        }

        return samples;
    }

    private void PostChanges(List<AlertInstance> ended, DateTimeOffset at, TimeSpan interval)
    {
        foreach (var instance in ended)
            Post(instance, AlertState.Resolved, at, at);
        var resend = Context.Options.ResendDelay;
        var end = at + (4 * (interval > resend ? interval : resend));
        foreach (var instance in _active.Values.Where(instance => instance.State == RuleState.Firing))
        {
            if (instance.PostedAt is { } posted && at - posted < resend)
                continue;
            instance.PostedAt = at;
            Post(instance, AlertState.Firing, at, end);
        }
    }

    private void Post(AlertInstance instance, AlertState state, DateTimeOffset at, DateTimeOffset endsAt)
    {
        var alert = new Alert
        {
            Labels = instance.Labels,
            State = state,
            StartsAt = instance.FiredAt,
            UpdatedAt = at,
            EndsAt = endsAt,
            Annotations = instance.Annotations,
            Origin = instance.Labels[AlertLabel.FaultClass] == FaultClass.MonitorSilent ? AlertOrigin.Monitor : AlertOrigin.Rule,
            GeneratorUrl = Context.Options.ExternalUrl + TemplateFunctions.GraphPath(Spec.Expression, 1),
            Evidence = Prove(instance, at),
        };
        AlertingMetrics.CountPosted(alert);
        Context.Output.Post(alert);
    }

    private ImmutableArray<Evidence> Prove(AlertInstance instance, DateTimeOffset at)
    {
        var value = GoFormat.General(instance.Value, 6);
        var since = instance.ActiveAt.ToString("u", CultureInfo.InvariantCulture);
        return
        [
            new Evidence(EvidenceKind.Sample, $"{Spec.Name} = {value}, holds since {since} ({Spec.Source})", Spec.Expression, at)
            {
                Value = instance.Value,
            },
            new Evidence(EvidenceKind.Rule, $"rule {Spec.Name} of group {Group.Name}, for {Spec.For.TotalSeconds:0} s", Spec.Source.ToString(), at),
        ];
    }
}

using System.Collections.Immutable;
using System.Diagnostics;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>A rule with what it remembers between evaluations. The subclasses differ in what a result means.</summary>
internal abstract class LoadedRule(RuleSpec spec, RuleGroupSpec group, RuleContext context)
{
    private HashSet<LabelSet> _written = [];

    public RuleSpec Spec { get; } = spec;

    public RuleGroupSpec Group { get; } = group;

    /// <summary>Labels of the group with the rule's own on top.</summary>
    public LabelSet Labels { get; } = group.Labels.With(spec.Labels);

    public RuleHealth Health { get; private set; }

    public string LastError { get; private set; } = "";

    public DateTimeOffset? LastEvaluation { get; private set; }

    public TimeSpan EvaluationTime { get; private set; }

    public long Failures { get; private set; }

    /// <summary>Where the rule's alerts go.</summary>
    public GroupOutput Output => Context.Output;

    /// <summary>Metrics that the rule writes.</summary>
    public abstract IEnumerable<string> Writes { get; }

    protected RuleContext Context { get; } = context;

    protected int Limit => Group.Limit > 0 ? Group.Limit : Context.Options.MaxResultsPerRule;

    /// <summary>True where the other rule may take this one's state over: Prometheus matches name and labels.</summary>
    public bool IsSameAs(LoadedRule other) =>
        Spec.IsAlert == other.Spec.IsAlert && Spec.Name == other.Spec.Name && Labels.Equals(other.Labels);

    public virtual void TakeStateOf(LoadedRule other)
    {
        _written = other._written;
        Health = other.Health;
        LastError = other.LastError;
        LastEvaluation = other.LastEvaluation;
        EvaluationTime = other.EvaluationTime;
        Failures = other.Failures;
    }

    /// <summary>Evaluates once, stores the samples and ends the series that are no longer produced.</summary>
    public async Task EvaluateAsync(DateTimeOffset at, TimeSpan interval, string source, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await ProduceAsync(at, interval, cancellationToken);
        AlertingMetrics.RuleEvaluations.Add(1);
        LastEvaluation = at;
        if (result.Error is { } error)
            Fail(error);
        else
            Succeed(result.Samples, at - Group.QueryOffset, source);
        EvaluationTime = Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Ends what the rule has written, because the rule itself is gone.</summary>
    public virtual void Retire(DateTimeOffset at, string source) => Write([], at - Group.QueryOffset, source);

    public abstract RuleStatus Status();

    protected abstract Task<RuleResult> ProduceAsync(DateTimeOffset at, TimeSpan interval, CancellationToken cancellationToken);

    /// <summary>The elements of the expression's result at the group's offset.</summary>
    protected async ValueTask<(IReadOnlyList<SeriesSample> Elements, string? Error)> QueryAsync(
        DateTimeOffset at, CancellationToken cancellationToken)
    {
        var result = await Context.Engine.QueryAsync(Spec.Expression, at - Group.QueryOffset, Context.Shared, cancellationToken);
        if (result.Error is { } error)
            return ([], error.Message);
        return result.Kind switch
        {
            QueryResultKind.Vector => (result.Vector, null),
            QueryResultKind.Scalar => ([new SeriesSample(LabelSet.Empty, result.Scalar)], null),
            _ => ([], "rule result is not a vector or scalar"),
        };
    }

    protected RuleStatus Status(RuleState state, ImmutableArray<ActiveAlert> alerts) => new()
    {
        Rule = Spec,
        Labels = Labels,
        Health = Health,
        LastError = LastError,
        State = state,
        Alerts = alerts,
        LastEvaluation = LastEvaluation,
        EvaluationTime = EvaluationTime,
        Failures = Failures,
    };

    private void Fail(string error)
    {
        if (Health != RuleHealth.Err || LastError != error)
            Context.Logger.RuleFailed(Spec.Name, Spec.Source, error);
        Health = RuleHealth.Err;
        LastError = error;
        Failures++;
        AlertingMetrics.RuleFailures.Add(1);
    }

    private void Succeed(IReadOnlyList<SeriesSample> samples, DateTimeOffset sampleTime, string source)
    {
        if (Health == RuleHealth.Err)
            Context.Logger.RuleRecovered(Spec.Name, Spec.Source);
        Health = RuleHealth.Ok;
        LastError = "";
        Write(samples, sampleTime, source);
    }

    private void Write(IReadOnlyList<SeriesSample> samples, DateTimeOffset at, string source)
    {
        var written = samples.Select(sample => sample.Labels).ToHashSet();
        var stale = new Sample(at.ToUnixTimeMilliseconds(), StaleMarker.Value);
        var batch = samples
            .Concat(_written.Where(labels => !written.Contains(labels)).Select(labels => new SeriesSample(labels, stale)))
            .ToArray();
        _written = written;
        if (batch.Length > 0)
            Context.Appender.Append(new SampleBatch(source, at, batch));
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Observability.Alerting;
using Observability.Content;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// One unit test: its series arrive step by step, all groups are evaluated at each step of the file's evaluation interval, and
/// what fires is compared at the step that the asked time falls into. This is what <c>promtool test rules</c> does.
/// </summary>
internal sealed class RuleTestCase : IAsyncDisposable
{
    // A test that asks for a time years away would never end.
    private const int MaximumSteps = 1_000_000;

    private readonly RuleTestSpec _test;
    private readonly TimeSpan _step;
    private readonly bool _fuzzy;
    private readonly SeriesStore _store = new(new MetricsOptions());
    private readonly EmbeddedQueryEngine _engine;
    private readonly RuleEvaluator _evaluator;
    private readonly int[] _fed;
    private readonly List<Finding> _findings = [];

    public RuleTestCase(RuleTestSpec test, RuleTestFileSpec file, IReadOnlyList<RuleGroupSpec> groups, QueryOptions queries)
    {
        (_test, _step, _fuzzy) = (test, file.EvaluationInterval, file.FuzzyCompare);
        _fed = new int[test.Series.Length];
        // As promtool: a subquery without a step takes the evaluation interval.
        _engine = new EmbeddedQueryEngine(_store, queries.WithSubqueryStep(_step));
        var options = new RuleOptions { DefaultInterval = _step, ExternalLabels = test.ExternalLabels, ExternalUrl = test.ExternalUrl };
        _evaluator = new RuleEvaluator(_engine, _store, new UnheardAlerts(), options, NullLogger<RuleEvaluator>.Instance);
        _findings.AddRange(_evaluator.Reload(groups));
    }

    /// <summary>Every expectation that does not hold.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var last = _test.Alerts.Select(alert => alert.At).Concat(_test.Expressions.Select(expression => expression.At)).DefaultIfEmpty().Max();
        if (last / _step > MaximumSteps)
            return [new Finding(_test.Source, $"the last eval_time, {last}, is more than {MaximumSteps} steps of {_step} away")];
        if (_findings.Count > 0)
            return _findings;
        for (var at = TimeSpan.Zero; at <= last; at += _step)
        {
            Feed(at);
            await _evaluator.EvaluateAllAsync(_test.Start + at, cancellationToken);
            var failed = _evaluator.Groups.SelectMany(group => group.Rules).Where(rule => rule.Health == RuleHealth.Err).ToArray();
            if (failed.Length > 0)
                return [.. _findings, .. failed.Select(rule => new Finding(rule.Rule.Source, $"rule {rule.Rule.Name} failed at {RuleTestDiff.Show(at)}{Named}: {rule.LastError}"))];
            foreach (var asked in _test.Alerts.Where(asked => asked.At >= at && asked.At < at + _step))
                Compare(asked);
        }

        Feed(last);
        foreach (var asked in _test.Expressions)
            await CompareAsync(asked, cancellationToken);
        return _findings;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private string Named => _test.Name.Length == 0 ? "" : $" in '{_test.Name}'";

    private void Feed(TimeSpan until)
    {
        var samples = new List<SeriesSample>();
        for (var s = 0; s < _fed.Length; s++)
        {
            var series = _test.Series[s];
            for (; _fed[s] < series.Values.Length && _test.Interval * _fed[s] <= until; _fed[s]++)
            {
                if (series.Values[_fed[s]] is { } value)
                    samples.Add(new SeriesSample(series.Labels, new Sample((_test.Start + (_test.Interval * _fed[s])).ToUnixTimeMilliseconds(), value)));
            }
        }

        if (samples.Count > 0)
            _store.Append(new SampleBatch("test", _test.Start + until, samples));
    }

    private void Compare(AlertExpectation asked)
    {
        var got = _evaluator.Groups.SelectMany(group => group.Rules)
            .Where(rule => rule.Rule.IsAlert && rule.Rule.Name == asked.AlertName)
            .SelectMany(rule => rule.Alerts).Where(alert => alert.State == RuleState.Firing)
            .Select(alert => new ExpectedAlert(alert.Labels.Without(AlertLabel.Name), alert.Annotations));
        var expected = asked.Alerts.Select(alert => alert with { Labels = alert.Labels.Without(AlertLabel.Name) });
        Report(asked.Source, $"alert {asked.AlertName} at {RuleTestDiff.Show(asked.At)}{Named}", RuleTestDiff.Of(expected, got));
    }

    private async Task CompareAsync(ExpressionExpectation asked, CancellationToken cancellationToken)
    {
        var result = await _engine.QueryAsync(asked.Expression, _test.Start + asked.At, cancellationToken);
        var what = $"{asked.Expression} at {RuleTestDiff.Show(asked.At)}{Named}";
        if (result.Error is { } error)
            _findings.Add(new Finding(asked.Source, $"{what}: {error.Message}"));
        else if (result.Kind is QueryResultKind.Text or QueryResultKind.Matrix)
            _findings.Add(new Finding(asked.Source, $"{what}: gives a {result.Kind}, not samples; ask for a vector or a scalar"));
        else
            Report(asked.Source, what, RuleTestSamples.Diff(asked.Samples, Samples(result), _fuzzy));
    }

    private static ExpectedSample[] Samples(QueryResult result) => result.Kind == QueryResultKind.Scalar
        ? [new ExpectedSample(LabelSet.Empty, result.Scalar.Value)]
        : [.. result.Vector.Select(sample => new ExpectedSample(sample.Labels, sample.Sample.Value))];

    private void Report(SourceLine at, string what, string diff)
    {
        if (diff.Length > 0)
            _findings.Add(new Finding(at, $"{what}:{diff}"));
    }
}

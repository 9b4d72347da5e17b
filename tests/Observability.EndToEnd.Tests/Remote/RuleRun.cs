using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Alerting;
using Observability.Metrics;
using Observability.Model;

namespace Observability.EndToEnd.Tests;

/// <summary>Rules evaluated on their grid over a history, and everything that came of them.</summary>
internal sealed class RuleRun : IAlertOutput, ISampleAppender
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private readonly ISampleAppender _appender;
    private readonly ConcurrentQueue<Alert> _alerts = [];

    private RuleRun(ISampleAppender appender) => _appender = appender;

    /// <summary>Every change of an alert: what a receiver would be told, the repetitions left out.</summary>
    public IReadOnlyList<string> Changes => [.. _alerts.Where(alert => alert.State == AlertState.Resolved || alert.UpdatedAt == alert.StartsAt)
        .Select(alert => $"{alert.UpdatedAt:HH:mm:ss} {alert.State} {alert.Labels} {string.Join(", ", alert.Annotations)}").Order(StringComparer.Ordinal)];

    /// <summary>The labels of every alert that fired.</summary>
    public IReadOnlyList<string> Fired => [.. _alerts.Select(alert => alert.Labels.ToString()).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What recording rules gave, by series and time.</summary>
    public Dictionary<(LabelSet Labels, string Time), double> Recorded { get; } = [];

    /// <summary>What went wrong in any evaluation.</summary>
    public SortedSet<string> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>Evaluates rules with an engine from beginning to end of a history.</summary>
    /// <param name="rules">The groups.</param>
    /// <param name="engine">What answers.</param>
    /// <param name="appender">Where results go, so that later rules find them.</param>
    /// <param name="history">The time that passes.</param>
    public static async Task<RuleRun> OfAsync(IEnumerable<RuleGroupSpec> rules, IQueryEngine engine, ISampleAppender appender, SimulatedHistory history)
    {
        var run = new RuleRun(appender);
        var evaluator = new RuleEvaluator(engine, run, run, new RuleOptions(), NullLogger<RuleEvaluator>.Instance);
        Assert.Empty(evaluator.Reload(rules));
        for (var now = history.Start; now <= history.End; now += Step)
        {
            await evaluator.EvaluateDueAsync(now, CancellationToken.None);
            foreach (var rule in evaluator.Groups.SelectMany(group => group.Rules).Where(rule => rule.LastError.Length > 0))
                run.Faults.Add($"{rule.Rule.Name}: {rule.LastError}");
        }

        return run;
    }

    /// <inheritdoc/>
    public void Append(SampleBatch batch)
    {
        _appender.Append(batch);
        foreach (var (labels, sample) in batch.Samples)
        {
            if (!labels.MetricName.StartsWith("ALERTS", StringComparison.Ordinal))
                Recorded[(labels, DateTimeOffset.FromUnixTimeMilliseconds(sample.UnixMilliseconds).ToString("HH:mm:ss", CultureInfo.InvariantCulture))] = sample.Value;
        }
    }

    /// <inheritdoc/>
    public void Post(Alert alert) => _alerts.Enqueue(alert);
}

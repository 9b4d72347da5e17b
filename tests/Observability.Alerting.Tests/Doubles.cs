using Microsoft.Extensions.Logging.Abstractions;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting.Tests;

/// <summary>Answers each expression with what the test scripted last; an unknown expression is an empty vector.</summary>
internal sealed class ScriptedEngine : IQueryEngine
{
    private readonly Dictionary<string, QueryResult> _answers = new(StringComparer.Ordinal);

    public List<(string Expression, DateTimeOffset At)> Asked { get; } = [];

    public void Answer(string expression, params (LabelSet Labels, double Value)[] elements) =>
        _answers[expression] = new QueryResult
        {
            Kind = QueryResultKind.Vector,
            Vector = [.. elements.Select(element => new SeriesSample(element.Labels, new Sample(0, element.Value)))],
        };

    public void Answer(string expression, QueryResult result) => _answers[expression] = result;

    public ValueTask<QueryResult> QueryAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // Groups ask side by side.
        lock (Asked)
            Asked.Add((expression, at));
        return new(_answers.GetValueOrDefault(expression) ?? new QueryResult { Kind = QueryResultKind.Vector });
    }

    public ValueTask<QueryResult> QueryRangeAsync(
        string expression, DateTimeOffset start, DateTimeOffset end, TimeSpan step, CancellationToken cancellationToken) =>
        QueryAsync(expression, end, cancellationToken);
}

internal sealed class RecordingAppender : ISampleAppender
{
    public List<SampleBatch> Batches { get; } = [];

    public void Append(SampleBatch batch)
    {
        lock (Batches)
            Batches.Add(batch);
    }

    /// <summary>The samples of the last batch, as text: <c>series value</c>, <c>stale</c> for a marker.</summary>
    public string[] Last => Batches.Count == 0 ? [] : [.. Batches[^1].Samples.Select(Text)];

    private static string Text(SeriesSample sample) =>
        $"{sample.Labels} {(StaleMarker.Is(sample.Sample.Value) ? "stale" : GoFormat.General(sample.Sample.Value, 12))}";
}

internal sealed class RecordingOutput : IAlertOutput
{
    public List<Alert> Alerts { get; } = [];

    public Alert Last => Alerts[^1];

    public void Post(Alert alert) => Alerts.Add(alert);

    /// <summary>Takes what was posted since the last call, as <c>name state</c>.</summary>
    public string[] Drain()
    {
        string[] texts = [.. Alerts.Select(alert => $"{alert.Name} {alert.State}")];
        Alerts.Clear();
        return texts;
    }
}

internal static class World
{
    public static readonly DateTimeOffset T0 = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public static DateTimeOffset At(double seconds) => T0.AddSeconds(seconds);

    public static NullLogger<T> Quiet<T>() => NullLogger<T>.Instance;

    public static LabelSet Labels(params ReadOnlySpan<(string, string)> labels) => LabelSet.Of(labels);

    public static RuleSpec Rule(string name, string expression) => new()
    {
        Name = name,
        IsAlert = true,
        Expression = expression,
        Source = new SourceLine("rules/t.yaml", 7),
    };

    public static RuleGroupSpec Group(params RuleSpec[] rules) => new()
    {
        Name = "g",
        Rules = [.. rules],
        Source = new SourceLine("rules/t.yaml", 3),
    };
}

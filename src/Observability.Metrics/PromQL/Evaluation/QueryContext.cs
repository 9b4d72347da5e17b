namespace Observability.Metrics;

/// <summary>What every part of one query shares.</summary>
internal sealed class QueryContext(SeriesStore store, QueryOptions options, string text, CancellationToken cancellationToken)
{
    private readonly SortedSet<string> _remarks = new(StringComparer.Ordinal);
    private long _samples;

    public SeriesStore Store => store;

    public QueryOptions Options => options;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>First and last step of the query itself, for <c>@ start()</c> and <c>@ end()</c>.</summary>
    public required EvaluationGrid Outer { get; init; }

    public IReadOnlyList<string> Remarks => [.. _remarks];

    public void Warn(string message, PromQlExpression at) => Remark("PromQL warning: " + message, at);

    public void Inform(string message, PromQlExpression at) => Remark("PromQL info: " + message, at);

    /// <summary>Counts samples against the limit, and notices cancellation.</summary>
    public void Charge(long samples)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _samples += samples;
        if (_samples > options.MaxSamples)
        {
            throw new EvaluationException(
                $"query processing would load too many samples into memory in query execution: more than {options.MaxSamples}");
        }
    }

    private void Remark(string message, PromQlExpression at) =>
        _remarks.Add($"{message} ({TextSpan.Describe(text, at.Span.Start)})");
}

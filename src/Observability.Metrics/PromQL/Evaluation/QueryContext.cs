using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Observability.Metrics;

/// <summary>What every part of one query shares.</summary>
internal sealed class QueryContext(SeriesStore store, QueryOptions options, string text, CancellationToken cancellationToken)
{
    // Values to compute, below which handing work to threads costs more than it saves.
    private const long LeastParallelWork = 50_000;

    private readonly SortedSet<string> _remarks = new(StringComparer.Ordinal);
    private long _samples;

    // One per thread at work; they go with the query, so that a series of a year does not stay.
    private readonly ConcurrentBag<SampleBuffer> _buffers = [];

    public SeriesStore Store => store;

    public QueryOptions Options => options;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>First and last step of the query itself, for <c>@ start()</c> and <c>@ end()</c>.</summary>
    public required EvaluationGrid Outer { get; init; }

    /// <summary>What the query shares with others of its round; null where it stands alone.</summary>
    public SharedSelections? Shared { get; init; }

    /// <summary>Samples touched so far.</summary>
    public long Samples => Interlocked.Read(ref _samples);

    /// <summary>Time spent on bringing the result in order.</summary>
    public TimeSpan Sorting { get; private set; }

    public IReadOnlyList<string> Remarks => [.. _remarks];

    public void Warn(string message, PromQlExpression at) => Remark("PromQL warning: " + message, at);

    public void Inform(string message, PromQlExpression at) => Remark("PromQL info: " + message, at);

    /// <summary>Counts samples against the limit, and notices cancellation.</summary>
    public void Charge(long samples)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Add(ref _samples, samples) > options.MaxSamples)
        {
            throw new EvaluationException(
                $"query processing would load too many samples into memory in query execution: more than {options.MaxSamples}");
        }
    }

    /// <summary>Sorts the result and keeps the time it took.</summary>
    public void Sort<T>(List<T> result, Comparison<T> comparison)
    {
        var started = Stopwatch.GetTimestamp();
        result.Sort(comparison);
        Sorting += Stopwatch.GetElapsedTime(started);
    }

    public SampleBuffer RentBuffer() => _buffers.TryTake(out var buffer) ? buffer : new SampleBuffer();

    public void ReturnBuffer(SampleBuffer buffer) => _buffers.Add(buffer);

    /// <summary>
    /// Calls once for each series, by several threads where there is enough to do for each. What is done to one series
    /// must not touch another's.
    /// </summary>
    public void ForEachSeries(int series, int steps, Action<int> evaluate)
    {
        if (options.MaxThreads < 2 || series < 2 * options.MaxThreads || (long)series * steps < LeastParallelWork)
        {
            for (var i = 0; i < series; i++)
                evaluate(i);
            return;
        }

        try
        {
            Parallel.For(0, series, new ParallelOptions { MaxDegreeOfParallelism = options.MaxThreads }, evaluate);
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
    }

    private void Remark(string message, PromQlExpression at) =>
        _remarks.Add($"{message} ({TextSpan.Describe(text, at.Span.Start)})");
}

using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// Series in bounded memory, with a database behind it where a path is given. Appends and reads may come from any
/// thread. At the limit new series are refused and counted; known ones keep working.
/// </summary>
public sealed class SeriesStore : ISampleAppender, IDisposable
{
    private readonly Lock _gate = new();
    private readonly MetricsOptions _options;
    private readonly Dictionary<LabelSet, MemorySeries> _byLabels = [];
    private readonly List<MemorySeries> _byId = [];
    private readonly SeriesIndex _index = new();
    private readonly SeriesDatabase? _database;
    private long _samples;
    private long _newest = long.MinValue;

    /// <summary>Opens a store and recovers what the database holds.</summary>
    public SeriesStore(MetricsOptions options, ILogger<SeriesStore> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        if (options.Path.Length == 0)
            return;
        _database = new SeriesDatabase(options.Path, logger);
        _database.Recover((labels, samples) =>
        {
            foreach (var sample in samples)
                TryAppend(labels, sample, out _);
        });
    }

    /// <summary>Series known now.</summary>
    public int SeriesCount => _byId.Count;

    /// <summary>Samples accepted since the start.</summary>
    public long SampleCount => Interlocked.Read(ref _samples);

    /// <inheritdoc/>
    public void Append(SampleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long accepted = 0;
        lock (_gate)
        {
            foreach (var (labels, sample) in batch.Samples)
            {
                if (TryAppend(labels, sample, out var refusal))
                    accepted++;
                else
                    MetricsMetrics.Refused.Add(1, new KeyValuePair<string, object?>("reason", refusal));
            }

            _database?.Queue(batch);
        }

        Interlocked.Add(ref _samples, accepted);
        MetricsMetrics.Appended.Add(accepted);
    }

    /// <summary>Writes what was appended since the last call to the database. Call it each second: kill -9 loses what came later.</summary>
    public Task FlushAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
            Retain(now);
        return _database is null ? Task.CompletedTask : _database.FlushAsync(now, _options.Retention, cancellationToken);
    }

    /// <summary>
    /// Reads all series that match, each with its samples of <paramref name="from"/> &lt; time ≤ <paramref name="to"/>
    /// (Unix milliseconds), in the order the series were created.
    /// </summary>
    internal List<SelectedSeries> Select(IReadOnlyList<LabelMatcher> matchers, long from, long to, CancellationToken cancellationToken)
    {
        var selected = new List<SelectedSeries>();
        lock (_gate)
        {
            foreach (var series in Matching(matchers))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (series.Last <= from)
                    continue;
                var times = new List<long>();
                var values = new List<double>();
                series.Read(from, to, times, values);
                if (times.Count > 0)
                    selected.Add(new SelectedSeries(series.Labels, times, values));
            }
        }

        return selected;
    }

    /// <summary>Labels of the series that match and have a sample in the range.</summary>
    public IReadOnlyList<LabelSet> Series(IReadOnlyList<LabelMatcher> matchers, DateTimeOffset from, DateTimeOffset to)
    {
        lock (_gate)
        {
            return [.. Matching(matchers)
                .Where(series => series.Chunks.Exists(chunk => chunk.Last >= from.ToUnixTimeMilliseconds() && chunk.First <= to.ToUnixTimeMilliseconds()))
                .Select(series => series.Labels)];
        }
    }

    /// <summary>Label names of the matching series, sorted.</summary>
    public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers)
    {
        lock (_gate)
        {
            return matchers.Count == 0
                ? [.. _index.Names]
                : [.. Matching(matchers).SelectMany(series => series.Labels.Select(label => label.Key)).Distinct().Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Values of a label among the matching series, sorted.</summary>
    public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<LabelMatcher> matchers)
    {
        lock (_gate)
        {
            return matchers.Count == 0
                ? [.. _index.ValuesOf(name)]
                : [.. Matching(matchers).Select(series => series.Labels[name]).Where(value => value.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _database?.Dispose();

    private IEnumerable<MemorySeries> Matching(IReadOnlyList<LabelMatcher> matchers)
    {
        var candidates = _index.Candidates(matchers);
        if (candidates is null)
            return _byId.Where(series => matchers.All(matcher => matcher.Matches(series.Labels)));
        return candidates.Select(id => _byId[id]).Where(series => matchers.All(matcher => matcher.Matches(series.Labels)));
    }

    private bool TryAppend(LabelSet labels, Sample sample, out string refusal)
    {
        refusal = "";
        if (!_byLabels.TryGetValue(labels, out var series))
        {
            if (_byId.Count >= _options.MaximumSeries)
            {
                refusal = "series_limit";
                return false;
            }

            series = new MemorySeries(_byId.Count, labels);
            _byLabels[labels] = series;
            _byId.Add(series);
            _index.Add(series.Id, labels);
        }

        if (sample.UnixMilliseconds <= series.Last)
        {
            refusal = sample.UnixMilliseconds == series.Last ? "duplicate" : "out_of_order";
            return false;
        }

        series.Append(sample.UnixMilliseconds, sample.Value);
        _newest = Math.Max(_newest, sample.UnixMilliseconds);
        return true;
    }

    // Whole chunks go when their last sample is too old; a series stays known, so that its number stays valid.
    private void Retain(DateTimeOffset now)
    {
        var oldest = now.ToUnixTimeMilliseconds() - (long)_options.Retention.TotalMilliseconds;
        if (_newest == long.MinValue)
            return;
        foreach (var series in _byId)
        {
            if (series.Chunks.Count > 0 && series.Chunks[0].Last < oldest)
                series.Chunks.RemoveAll(chunk => chunk.Last < oldest);
        }
    }
}

using Observability.Model;

namespace Observability.Collectors;

/// <summary>A request as it is read: what can be stored, and what cannot and why.</summary>
internal sealed class WriteRequest(RemoteWriteOptions options, long latest)
{
    private const int ReasonsKept = 10;
    private readonly List<string> _reasons = [];
    private readonly SortedDictionary<string, long> _refused = new(StringComparer.Ordinal);

    public List<SeriesSample> Samples { get; } = [];

    public List<SeriesExemplar> Exemplars { get; } = [];

    public List<MetricMetadata> Metadata { get; } = [];

    /// <summary>Refused items by the reason under which they are counted.</summary>
    public IReadOnlyDictionary<string, long> Refused => _refused;

    public long RefusedCount => _refused.Values.Sum();

    /// <summary>The first refusals in words.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    public LabelsInMaking NewLabels() => new(options);

    public void Add(LabelSet labels, Sample sample)
    {
        if (sample.UnixMilliseconds <= latest)
            Samples.Add(new SeriesSample(labels, sample));
        else
            Refuse("ahead", 1, $"{labels}: the time {sample.UnixMilliseconds} ms is too far ahead of this server's clock; set the sender's clock");
    }

    public void Refuse(string reason, long count, string words)
    {
        if (count == 0)
            return;
        _refused[reason] = _refused.GetValueOrDefault(reason) + count;
        if (_reasons.Count < ReasonsKept)
            _reasons.Add(words);
    }
}

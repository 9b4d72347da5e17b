using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// The newest exemplars of all series, in a ring: a new one takes the place of the oldest, whichever series that belongs to. In
/// memory only, as in Prometheus. Safe for many threads.
/// </summary>
public sealed class ExemplarStore(int capacity)
{
    // Prometheus and OpenMetrics 1.0: names and values of an exemplar together.
    private const int MostCharacters = 128;

    private readonly Lock _lock = new();
    private readonly SeriesExemplar?[] _ring = new SeriesExemplar?[Math.Max(1, capacity)];
    private readonly Dictionary<LabelSet, SeriesExemplar> _newest = [];
    private int _next;
    private long _refused;

    /// <summary>Exemplars not kept: out of order, or with labels of more than 128 characters.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Exemplars of the series that satisfy every matcher of any of the lists in a time range, by series, each oldest first.</summary>
    public IReadOnlyList<KeyValuePair<LabelSet, IReadOnlyList<SeriesExemplar>>> Find(
        IReadOnlyList<IReadOnlyList<LabelMatcher>> matchers, DateTimeOffset start, DateTimeOffset end)
    {
        var (from, to) = (start.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds());
        SeriesExemplar[] held;
        lock (_lock)
            held = [.. _ring.OfType<SeriesExemplar>()];
        var verdicts = new Dictionary<LabelSet, bool>();
        var found = new List<SeriesExemplar>();
        foreach (var exemplar in held)
        {
            if (exemplar.Measured.UnixMilliseconds < from || exemplar.Measured.UnixMilliseconds > to)
                continue;
            if (!verdicts.TryGetValue(exemplar.Series, out var fits))
                verdicts[exemplar.Series] = fits = matchers.Any(list => list.All(matcher => matcher.Matches(exemplar.Series)));
            if (fits)
                found.Add(exemplar);
        }

        return [.. found.GroupBy(exemplar => exemplar.Series).OrderBy(group => group.Key, LabelSet.Order)
            .Select(group => KeyValuePair.Create(group.Key, (IReadOnlyList<SeriesExemplar>)[.. group.OrderBy(exemplar => exemplar.Measured.UnixMilliseconds)]))];
    }

    internal void Add(IReadOnlyList<SeriesExemplar> exemplars)
    {
        if (exemplars.Count == 0)
            return;
        lock (_lock)
        {
            foreach (var exemplar in exemplars)
                Add(exemplar);
        }
    }

    private void Add(SeriesExemplar exemplar)
    {
        if (_newest.TryGetValue(exemplar.Series, out var before))
        {
            // Sources repeat an exemplar with every scrape until there is a newer one.
            if (before.Measured.Equals(exemplar.Measured) && before.Labels.Equals(exemplar.Labels))
                return;
            if (before.Measured.UnixMilliseconds >= exemplar.Measured.UnixMilliseconds)
            {
                Refuse();
                return;
            }
        }

        if (exemplar.Labels.Sum(label => label.Key.Length + label.Value.Length) > MostCharacters)
        {
            Refuse();
            return;
        }

        if (_ring[_next] is { } pushedOut && _newest.TryGetValue(pushedOut.Series, out var last) && ReferenceEquals(last, pushedOut))
            _newest.Remove(pushedOut.Series);
        _ring[_next] = exemplar;
        _newest[exemplar.Series] = exemplar;
        _next = (_next + 1) % _ring.Length;
    }

    private void Refuse()
    {
        Interlocked.Increment(ref _refused);
        MetricsMetrics.ExemplarsRefused.Add(1);
    }
}

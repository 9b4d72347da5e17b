using Observability.Model;

namespace Observability.Collectors;

/// <summary>Which series a source told last, so that those it no longer tells end.</summary>
internal sealed class LiveSeries
{
    private HashSet<LabelSet> _live = [];

    /// <summary>The samples of one reading, with an end for every series that the one before had and this has not.</summary>
    /// <param name="samples">What was read.</param>
    /// <param name="now">When.</param>
    /// <param name="isNew">True where a series came that the reading before had not.</param>
    public List<SeriesSample> See(IReadOnlyList<SeriesSample> samples, DateTimeOffset now, out bool isNew)
    {
        var ended = new Sample(now.ToUnixTimeMilliseconds(), StaleMarker.Value);
        var live = samples.Select(sample => sample.Labels).ToHashSet();
        List<SeriesSample> all = [.. samples, .. _live.Where(before => !live.Contains(before)).Order(LabelSet.Order).Select(gone => new SeriesSample(gone, ended))];
        isNew = live.Any(labels => !_live.Contains(labels));
        _live = live;
        return all;
    }
}

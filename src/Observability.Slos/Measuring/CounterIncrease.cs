using Observability.Model;

namespace Observability.Slos;

/// <summary>
/// Adds up what the counters of a query grew by since the last look, series by series, so that the reset of one does not
/// hide behind the sum of all. A series seen for the first time is a base line and adds nothing.
/// </summary>
internal sealed class CounterIncrease(SloOptions options)
{
    private readonly Dictionary<LabelSet, (double Value, DateTimeOffset At)> _last = [];

    public double Advance(IReadOnlyList<SeriesSample> samples, DateTimeOffset now)
    {
        var increase = 0d;
        foreach (var (labels, sample) in samples)
        {
            if (!double.IsFinite(sample.Value))
                continue;
            if (_last.TryGetValue(labels, out var last))
                increase += sample.Value >= last.Value ? sample.Value - last.Value : sample.Value;
            else if (_last.Count >= options.MaximumSeries)
            {
                SloMetrics.SeriesRefused.Add(1);
                continue;
            }

            _last[labels] = (sample.Value, now);
        }

        Forget(now);
        return increase;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (labels, last) in _last)
        {
            if (now - last.At > options.ForgetCounterAfter)
                _last.Remove(labels);
        }
    }
}

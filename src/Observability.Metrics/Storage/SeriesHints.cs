using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// Where the samples of a source went last time, by their place in the batch. A scrape brings the same label set objects in the same
/// order each time, so that comparing one reference takes the place of a look-up that misses the processor's caches several times.
/// </summary>
internal sealed class SeriesHints
{
    // A source that is never heard of again leaves its hints behind; beyond so many sources all begin anew.
    private const int MostSources = 20_000;

    private (LabelSet Labels, MemorySeries Series)[] _hints = [];
    private int _taken;

    /// <summary>The hints of a batch's source, for the caller alone; null while another thread has them.</summary>
    public static SeriesHints? Take(ConcurrentDictionary<string, SeriesHints> all, SampleBatch batch)
    {
        if (!all.TryGetValue(batch.Source, out var hints))
        {
            if (all.Count >= MostSources)
                all.Clear();
            hints = all.GetOrAdd(batch.Source, static _ => new SeriesHints());
        }

        if (Interlocked.Exchange(ref hints._taken, 1) != 0)
            return null;
        // Exactly as many as there are samples: a source of a million series should not hold room for two.
        if (hints._hints.Length < batch.Samples.Count)
            Array.Resize(ref hints._hints, batch.Samples.Count);
        return hints;
    }

    /// <summary>Gives them back.</summary>
    public void Return() => Volatile.Write(ref _taken, 0);

    /// <summary>The series, where the sample at this place had this very label set last time and the store has not let go of it since.</summary>
    public bool TryGet(int place, LabelSet labels, [NotNullWhen(true)] out MemorySeries? series)
    {
        series = _hints[place].Series;
        return ReferenceEquals(_hints[place].Labels, labels) && !series.IsRetired;
    }

    /// <summary>Notes where the sample went.</summary>
    public void Set(int place, LabelSet labels, MemorySeries series) => _hints[place] = (labels, series);
}

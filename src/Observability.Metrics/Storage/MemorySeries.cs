using Observability.Model;

namespace Observability.Metrics;

/// <summary>One series in memory: sealed chunks and the open one.</summary>
internal sealed class MemorySeries(int id, LabelSet labels)
{
    /// <summary>Number within the store.</summary>
    public int Id { get; } = id;

    /// <summary>Its labels.</summary>
    public LabelSet Labels { get; } = labels;

    /// <summary>Sealed and open chunks, oldest first.</summary>
    public List<GorillaChunk> Chunks { get; } = [];

    /// <summary>Time of the newest sample; the smallest value before the first.</summary>
    public long Last => Chunks.Count == 0 ? long.MinValue : Chunks[^1].Last;

    /// <summary>Adds a sample that is newer than the last one.</summary>
    public void Append(long at, double value)
    {
        if (Chunks.Count == 0 || Chunks[^1].Count >= GorillaChunk.Capacity)
            Chunks.Add(new GorillaChunk());
        Chunks[^1].Append(at, value);
    }

    /// <summary>Adds all samples with <paramref name="from"/> &lt; time ≤ <paramref name="to"/>.</summary>
    public void Read(long from, long to, List<long> times, List<double> values)
    {
        foreach (var chunk in Chunks)
        {
            if (chunk.Last > from && chunk.First <= to)
                chunk.Read(from, to, times, values);
        }
    }
}

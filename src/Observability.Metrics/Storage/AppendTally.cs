using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>What becomes of the samples of one batch, while it is stored.</summary>
internal sealed class AppendTally(WriteAheadRow? row)
{
    private static readonly int s_reasons = Enum.GetValues<SampleRefusal>().Length;

    private readonly ImmutableArray<RefusedSample>.Builder _first = ImmutableArray.CreateBuilder<RefusedSample>();
    private long[]? _refused;

    public WriteAheadRow? Row => row;

    public long Stored { get; private set; }

    public long Inserted { get; private set; }

    public long Repeated { get; set; }

    public void Store(long seriesId, Sample sample, bool late)
    {
        Stored++;
        if (late)
            Inserted++;
        row?.Add(seriesId, sample.UnixMilliseconds, sample.Value, late);
    }

    public void Refuse(LabelSet labels, Sample sample, SampleRefusal reason, long? newest = null)
    {
        _refused ??= new long[s_reasons];
        _refused[(int)reason]++;
        if (_first.Count < AppendReport.FirstKept)
            _first.Add(new RefusedSample(labels, sample, reason, newest));
    }

    public long RefusedFor(SampleRefusal reason) => _refused is null ? 0 : _refused[(int)reason];

    public AppendReport Report() => new(Stored + Repeated, _refused?.Sum() ?? 0, _first.ToImmutable());
}

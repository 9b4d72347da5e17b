namespace Observability.Metrics;

/// <summary>Samples that come after newer ones: the chunk they belong into is written anew, which costs microseconds and keeps reading simple.</summary>
internal sealed partial class MemorySeries
{
    // Called with the lock held; time is below the newest.
    private AppendOutcome Insert(long time, double value, AppendRules rules)
    {
        if (_open.Count > 0 && (time >= _open.FirstTime || _sealed.Length == 0))
            return InsertIntoOpen(time, value, rules);
        var index = _sealed.Length - 1;
        while (index > 0 && _sealed[index].FirstTime > time)
            index--;
        if (_sealed.Length == 0)
            return AppendOutcome.OutOfOrder;
        var samples = new SampleBuffer();
        _sealed[index].Decode(long.MinValue, long.MaxValue, samples);
        if (!TryInsert(samples, time, value, out var merged, out var outcome))
            return outcome;
        Replace(index, Split(merged, rules.SamplesPerChunk), rules);
        return AppendOutcome.Inserted;
    }

    private AppendOutcome InsertIntoOpen(long time, double value, AppendRules rules)
    {
        var samples = new SampleBuffer();
        ChunkCodec.Decode(_open.Bytes, _open.Count, long.MinValue, long.MaxValue, samples);
        if (!TryInsert(samples, time, value, out var merged, out var outcome))
            return outcome;
        _open.Clear();
        for (var i = 0; i < merged.Count; i++)
            _open.Append(merged.Times[i], merged.Values[i]);
        if (_open.Count >= rules.SamplesPerChunk)
            Seal(rules);
        return AppendOutcome.Inserted;
    }

    private void Replace(int index, SealedChunk[] with, AppendRules rules)
    {
        var removed = _sealed[index];
        _sealed = [.. _sealed[..index], .. with, .. _sealed[(index + 1)..]];
        rules.Changed(this, new ChunkChange(with, removed));
    }

    // A copy with the sample in its place; false where one of its time is there.
    private static bool TryInsert(SampleBuffer samples, long time, double value, out SampleBuffer merged, out AppendOutcome outcome)
    {
        merged = new SampleBuffer();
        outcome = AppendOutcome.Inserted;
        var at = samples.Times.BinarySearch(time);
        if (at >= 0)
        {
            outcome = SameBits(samples.Values[at], value) ? AppendOutcome.Repeated : AppendOutcome.Duplicate;
            return false;
        }

        at = ~at;
        for (var i = 0; i < at; i++)
            merged.Add(samples.Times[i], samples.Values[i]);
        merged.Add(time, value);
        for (var i = at; i < samples.Count; i++)
            merged.Add(samples.Times[i], samples.Values[i]);
        return true;
    }

    // A chunk that late samples have doubled becomes two.
    private static SealedChunk[] Split(SampleBuffer samples, int samplesPerChunk)
    {
        if (samples.Count < Math.Max(2, samplesPerChunk * 2))
            return [SealedChunk.Of(samples.Times, samples.Values)];
        var middle = samples.Count / 2;
        return
        [
            SealedChunk.Of(samples.Times[..middle], samples.Values[..middle]),
            SealedChunk.Of(samples.Times[middle..], samples.Values[middle..]),
        ];
    }

    private static bool SameBits(double left, double right) => BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right);
}

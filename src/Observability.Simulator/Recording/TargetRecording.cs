using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Observability.Simulator;

/// <summary>
/// What one exporter said over time: each line with its time, <c>up</c> with every scrape, and a line
/// <c># GONE name{labels} NaN time</c> where a series ended, which other readers take for a comment.
/// </summary>
internal sealed class TargetRecording(RecordingFile file, RecordingForm form) : IReadingSink
{
    // Shorter than the five minutes for which a query looks back.
    private const long RepeatMilliseconds = 240_000;

    // What changed is watched in full for as long as the widest window of a rule.
    private const long WatchMilliseconds = 600_000;

    private readonly Dictionary<(ExpositionFamily Family, byte[] Labels, string Extra), Written> _series = [];
    private readonly Dictionary<byte[], long> _watched = [];
    private long _now;

    /// <summary>A scrape begins; <paramref name="isAnswered"/> false where the exporter does not answer.</summary>
    public void BeginScrape(DateTimeOffset at, bool isAnswered)
    {
        _now = at.ToUnixTimeMilliseconds();
        Put("up"u8, [], "", isAnswered ? 1 : 0, _now);
    }

    /// <summary>A scrape is over: what it did not hold has ended.</summary>
    public void EndScrape()
    {
        foreach (var (key, written) in _series.Where(one => one.Value.SeenAt != _now).ToArray())
        {
            _series.Remove(key);
            Write(file.Text, "# GONE "u8);
            Put(key.Family.NameText, key.Labels, key.Extra, double.NaN, _now);
        }

        file.Settle();
    }

    /// <summary>What was gathered before this scrape is of that time; what was written of it already is not written again.</summary>
    public void Stated(DateTimeOffset at) => _now = at.ToUnixTimeMilliseconds();

    public bool Begin(ExpositionFamily family) => form == RecordingForm.Full || family.Matters;

    public void Sample(ExpositionFamily family, byte[] labels, string extra, double value)
    {
        var key = (family, labels, extra);
        if (!_series.TryGetValue(key, out var before))
        {
            _series[key] = before = new Written();
            Write(before, key, value);
            return;
        }

        if (before.SeenAt == _now)
            return;
        var isChange = Math.Abs(value - before.Value) > family.Deadband;
        if (form == RecordingForm.Full)
        {
            Write(before, key, value);
        }
        else if (isChange)
        {
            // Where every change counts, it must read as a step at its time and not as a slope since the last repeat.
            if (family.Deadband == 0)
            {
                if (before.SeenAt != before.At)
                    Put(family.NameText, labels, extra, before.Value, before.SeenAt);
                _watched[labels] = _now + WatchMilliseconds;
            }

            Write(before, key, value);
        }
        else if (_now - before.At >= RepeatMilliseconds || (_watched.TryGetValue(labels, out var until) && _now <= until))
        {
            Write(before, key, value);
        }

        before.SeenAt = _now;
    }

    private void Write(Written written, (ExpositionFamily Family, byte[] Labels, string Extra) key, double value)
    {
        (written.Value, written.At, written.SeenAt) = (value, _now, _now);
        Put(key.Family.NameText, key.Labels, key.Extra, value, _now);
    }

    private void Put(ReadOnlySpan<byte> name, byte[] labels, string extra, double value, long at)
    {
        var text = file.Text;
        Write(text, name);
        if (labels.Length > 0)
        {
            Write(text, "{"u8);
            Write(text, labels);
            if (extra.Length > 0)
                Write(text, Encoding.UTF8.GetBytes(extra));
            Write(text, "}"u8);
        }

        Write(text, " "u8);
        ExpositionWriter.Write(text, value);
        Write(text, " "u8);
        Utf8Formatter.TryFormat(at, text.GetSpan(24), out var written);
        text.Advance(written);
        Write(text, "\n"u8);
    }

    private static void Write(IBufferWriter<byte> text, ReadOnlySpan<byte> part) => text.Write(part);

    private sealed class Written
    {
        /// <summary>The value that was written last.</summary>
        public double Value { get; set; }

        /// <summary>When that was.</summary>
        public long At { get; set; }

        /// <summary>The scrape that held the series last.</summary>
        public long SeenAt { get; set; }
    }
}

using System.Collections.Immutable;
using System.Text;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads Prometheus text 0.0.4 and OpenMetrics 1.0 from bytes. A bad line is refused and named; the others count.
/// <code>
/// # HELP DCGM_FI_DEV_SM_CLOCK SM clock frequency (in MHz).
/// DCGM_FI_DEV_SM_CLOCK{gpu="0", UUID="GPU-1",pod=""} 1410
/// latency_bucket{le="0.5"} 8 # {trace="a"} 0.4 1.5e9          OpenMetrics exemplar
/// npu_power{id="0"} 81.5 1723621883587                         time in ms, in OpenMetrics in seconds
/// </code>
/// </summary>
internal sealed class ExpositionReader(SeriesCache cache)
{
    private const int RefusedKept = 20;
    private const int RefusedTextLength = 160;

    // Fixtures and broken clocks give 1970; nothing was monitored before 2000-01-01.
    private const long EarliestMilliseconds = 946_684_800_000;
    private const long LatestMilliseconds = 253_402_300_800_000;

    private readonly ImmutableArray<RefusedLine>.Builder _refused = ImmutableArray.CreateBuilder<RefusedLine>();
    private readonly FamilyComments _comments = new();
    private readonly SeriesPatterns _patterns = new();
    private readonly List<SeriesExemplar> _exemplars = [];
    private ReadSettings _settings;
    private List<SeriesSample> _samples = [];
    private int _line;
    private int _scraped;
    private int _unknown;
    private int _dropped;
    private int _refusedCount;
    private int _stated;
    private int _late;
    private long _oldest;
    private long _age;
    private bool _ended;

    /// <summary>Reads a body and appends its samples.</summary>
    public ExpositionResult Read(ReadOnlySpan<byte> body, ReadSettings settings, List<SeriesSample> samples)
    {
        (_settings, _samples) = (settings, samples);
        (_line, _scraped, _unknown, _dropped, _refusedCount, _ended) = (0, 0, 0, 0, 0, false);
        (_stated, _late, _oldest) = (0, 0, 0);
        _refused.Clear();
        _exemplars.Clear();
        cache.Begin();
        _patterns.Begin();
        var rest = body;
        var room = true;
        while (rest.Length > 0 && room)
        {
            _line++;
            var feed = rest.IndexOf((byte)'\n');
            var line = feed < 0 ? rest : rest[..feed];
            rest = feed < 0 ? [] : rest[(feed + 1)..];
            room = ReadLine(line);
        }

        return new ExpositionResult
        {
            Lines = _line,
            Scraped = _scraped,
            Unknown = _unknown,
            Dropped = _dropped,
            Stated = _stated,
            Late = _late,
            Oldest = TimeSpan.FromMilliseconds(_oldest),
            RefusedCount = _refusedCount,
            Refused = _refused.ToImmutable(),
            Ended = _ended,
            OverLimit = !room,
            Metadata = _comments.TakeChanged(),
            Exemplars = _exemplars.Count == 0 ? [] : [.. _exemplars],
        };
    }

    // False where the sample limit is reached.
    private bool ReadLine(ReadOnlySpan<byte> line)
    {
        if (line.Length > 0 && (line[^1] <= ' ' || line[0] <= ' '))
            line = line.Trim(" \t\r"u8);
        if (line.Length == 0)
            return true;
        if (line[0] == '#')
        {
            if (_settings.Metadata)
                _comments.Read(line);
            _ended |= _settings.Format != ExpositionFormat.Text && line.SequenceEqual("# EOF"u8);
            return true;
        }

        if (_ended)
        {
            Refuse(line, "text follows # EOF");
            return true;
        }

        if (_scraped >= _settings.SampleLimit)
            return false;
        if (Series(line, out var length) is not 0 and var entry)
            ReadValue(line, line[length..], entry);
        return true;
    }

    // The entry of the line's series; 0 where the line is refused.
    private int Series(ReadOnlySpan<byte> line, out int length)
    {
        var entry = cache.Expected;
        if (entry != 0)
        {
            var raw = cache.Raw(entry);
            length = raw.Length;
            if (line.StartsWith(raw) && EndsSeries(line, length))
            {
                cache.Advance(entry);
                return entry;
            }
        }

        var reason = "";
        length = _patterns.Measure(line);
        if (length > 0)
        {
            entry = cache.Find(line[..length], out var hash);
            if (entry == 0)
                entry = cache.Add(line[..length], hash, _patterns.Labels(line));
        }
        else
        {
            length = SeriesText.Measure(line, out reason);
            entry = length < 0 ? 0 : cache.Find(line[..length], out var hash) is not 0 and var known ? known : Add(line[..length], hash, out reason);
        }

        if (entry == 0)
            Refuse(line, reason);
        else
            cache.Advance(entry);
        return entry;
    }

    // "up" is a prefix of "up_to" and of "up {…": only a space that no label set follows ends a bare name.
    private static bool EndsSeries(ReadOnlySpan<byte> line, int length) =>
        line[length - 1] == '}'
        || (length < line.Length && line[length] is (byte)' ' or (byte)'\t' && line[length..].TrimStart(" \t"u8) is not [(byte)'{', ..]);

    private int Add(ReadOnlySpan<byte> raw, int hash, out string reason)
    {
        if (SeriesText.Parse(raw, out reason) is not { } labels)
            return 0;
        _patterns.Learn(raw);
        return cache.Add(raw, hash, labels);
    }

    private void ReadValue(ReadOnlySpan<byte> line, ReadOnlySpan<byte> rest, int entry)
    {
        rest = rest.TrimStart(" \t"u8);
        var token = Token(ref rest);
        if (token.Length == 0)
        {
            Refuse(line, "the value is missing");
            return;
        }

        if (!ExpositionNumber.TryParse(token, out var value))
        {
            Refuse(line, $"the value '{Show(token)}' is not a number");
            return;
        }

        var at = _settings.UnixMilliseconds;
        _age = 0;
        if (rest.Length > 0 && !TryRest(ref rest, ref at, out var reason))
        {
            Refuse(line, reason);
            return;
        }

        Take(line, entry, new Sample(at, value));
        if (rest.Length > 0 && !cache.State(entry).IsDropped && ExemplarText.TryParse(rest, at, out var labels, out var measured))
            _exemplars.Add(new SeriesExemplar(cache.State(entry).Labels, labels, measured));
    }

    private void Take(ReadOnlySpan<byte> line, int entry, Sample sample)
    {
        _scraped++;
        ref var state = ref cache.State(entry);
        if (state.IsDropped)
        {
            _dropped++;
            return;
        }

        if (_age > _settings.LateMilliseconds)
        {
            _late++;
            _oldest = Math.Max(_oldest, _age);
            return;
        }

        if (state.IsUnknown is { } isUnknown && isUnknown(sample.Value))
        {
            _unknown++;
            return;
        }

        // The same series may be told at several times where times count.
        if (!cache.See(entry) && !(_settings.HonorTimestamps && sample.UnixMilliseconds != _settings.UnixMilliseconds))
        {
            Refuse(line, "the series appears twice");
            return;
        }

        _samples.Add(new SeriesSample(state.Labels, sample));
    }

    // What is left of the rest is an exemplar.
    private bool TryRest(ref ReadOnlySpan<byte> rest, ref long at, out string reason)
    {
        var openMetrics = _settings.Format != ExpositionFormat.Text;
        reason = "";
        if (openMetrics && rest[0] == '#')
            return true;
        var token = Token(ref rest);
        if (!TryTime(token, openMetrics, out var time))
        {
            reason = $"the time '{Show(token)}' is not a number of {(openMetrics ? "seconds" : "milliseconds")}";
            return false;
        }

        if (rest.Length > 0 && !(openMetrics && rest[0] == '#'))
        {
            reason = $"unexpected text '{Show(rest)}' after the time";
            return false;
        }

        if (time < EarliestMilliseconds)
            return true;
        _stated++;
        if (_settings.HonorTimestamps)
            at = time;
        else
            _age = at - time;
        return true;
    }

    internal static bool TryTime(ReadOnlySpan<byte> token, bool seconds, out long milliseconds)
    {
        milliseconds = 0;
        if (!ExpositionNumber.TryParse(token, out var number) || !double.IsFinite(number))
            return false;
        number = seconds ? Math.Round(number * 1_000) : number;
        if (!seconds && token.ContainsAny(".eE"u8))
            return false;
        // A time beyond the calendar is as implausible as one of 1970.
        milliseconds = Math.Abs(number) < LatestMilliseconds ? (long)number : 0;
        return true;
    }

    internal static ReadOnlySpan<byte> Token(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny((byte)' ', (byte)'\t');
        var token = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[end..].TrimStart(" \t"u8);
        return token;
    }

    private void Refuse(ReadOnlySpan<byte> line, string reason)
    {
        _refusedCount++;
        if (_refused.Count < RefusedKept)
            _refused.Add(new RefusedLine(_line, reason, Show(line)));
    }

    private static string Show(ReadOnlySpan<byte> text)
    {
        var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, RefusedTextLength)]);
        return text.Length > RefusedTextLength ? shown + "…" : shown;
    }
}

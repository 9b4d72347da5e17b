using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads Prometheus text 0.0.4 and OpenMetrics 1.0, for example <c>DCGM_FI_DEV_GPU_TEMP{gpu="0", UUID="GPU-1"} 41 1700000000000</c>.
/// One reader serves one target: the label sets of its lines are kept, so that a repeated scrape parses only numbers.
/// A line that cannot be read is refused with its number; the rest goes on.
/// </summary>
public sealed class ExpositionReader(LabelSet targetLabels)
{
    private const int MaximumCachedLines = 200_000;
    private const int MaximumRefusals = 20;
    private readonly Dictionary<string, LabelSet>.AlternateLookup<ReadOnlySpan<char>> _lookup =
        new Dictionary<string, LabelSet>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads a body.</summary>
    /// <param name="body">UTF-8 text.</param>
    /// <param name="at">Time of samples without one of their own.</param>
    /// <param name="honorTimestamps">False to give every sample the time <paramref name="at"/>.</param>
    public ExpositionResult Read(ReadOnlySpan<byte> body, DateTimeOffset at, bool honorTimestamps)
    {
        var samples = new List<SeriesSample>(256);
        var refusals = new List<Refusal>();
        var (refused, number) = (0, 0);
        var milliseconds = at.ToUnixTimeMilliseconds();
        Span<char> buffer = stackalloc char[2_048];
        while (!body.IsEmpty)
        {
            number++;
            var end = body.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            line = line.TrimEnd((byte)'\r').TrimStart(" \t"u8);
            if (line.IsEmpty || line[0] == (byte)'#')
                continue;
            var fault = ReadLine(line, buffer, (milliseconds, honorTimestamps), samples);
            if (fault is null)
                continue;
            refused++;
            if (refusals.Count < MaximumRefusals)
                refusals.Add(new Refusal($"line {number}", $"{fault}: {Shorten(line)}"));
        }

        return new ExpositionResult(samples, refused, refusals);
    }

    // The number of chars equals the number of bytes or is smaller, so the buffer fits whatever the line fits.
    private string? ReadLine(ReadOnlySpan<byte> line, Span<char> buffer, (long At, bool Honor) time, List<SeriesSample> samples)
    {
        var split = EndOfSeries(line);
        if (split <= 0)
            return "no value after the series";
        var key = split <= buffer.Length ? buffer : new char[split];
        if (!Encoding.UTF8.TryGetChars(line[..split], key, out var length))
            return "is not UTF-8";
        if (!_lookup.TryGetValue(key[..length], out var labels))
        {
            var text = key[..length].ToString();
            if (ParseSeries(text, out labels) is { } fault)
                return fault;
            if (_lookup.Dictionary.Count >= MaximumCachedLines)
                _lookup.Dictionary.Clear();
            _lookup.Dictionary[text] = labels;
        }

        var rest = line[split..].TrimStart(" \t"u8);
        var space = rest.IndexOfAny((byte)' ', (byte)'\t');
        var value = space < 0 ? rest : rest[..space];
        if (!TryNumber(value, out var number))
            return "the value is not a number";
        var stamp = space < 0 ? default : rest[space..].Trim(" \t"u8);
        var at = time.At;
        if (!stamp.IsEmpty && stamp[0] != (byte)'#')
        {
            var hash = stamp.IndexOf(" #"u8);
            if (!TryTime(hash < 0 ? stamp : stamp[..hash], out var own))
                return "the timestamp is not a number";
            at = time.Honor ? own : at;
        }

        samples.Add(new SeriesSample(labels, new Sample(at, number)));
        return null;
    }

    // The end of name and labels: the first blank outside of quotes and braces.
    private static int EndOfSeries(ReadOnlySpan<byte> line)
    {
        var brace = line.IndexOf((byte)'{');
        var blank = line.IndexOfAny((byte)' ', (byte)'\t');
        if (brace < 0 || (blank >= 0 && blank < brace && !IsBlank(line[blank..brace])))
            return blank;
        var quoted = false;
        for (var i = brace; i < line.Length; i++)
        {
            if (line[i] == (byte)'\\' && quoted)
                i++;
            else if (line[i] == (byte)'"')
                quoted = !quoted;
            else if (line[i] == (byte)'}' && !quoted)
                return i + 1;
        }

        return -1;
    }

    private static bool IsBlank(ReadOnlySpan<byte> text) => text.Trim(" \t"u8).IsEmpty;

    private string? ParseSeries(string text, out LabelSet labels)
    {
        labels = LabelSet.Empty;
        var pairs = new List<KeyValuePair<string, string>>();
        var brace = text.IndexOf('{', StringComparison.Ordinal);
        var name = (brace < 0 ? text : text[..brace]).Trim();
        if (brace >= 0 && ParseLabels(text.AsSpan(brace + 1, text.Length - brace - 2), pairs, ref name) is { } fault)
            return fault;
        if (name.Length == 0 || !IsName(name, brace < 0 || text[..brace].Trim().Length > 0))
            return $"'{name}' is not a metric name";
        if (pairs.Select(pair => pair.Key).Distinct().Count() != pairs.Count)
            return "a label stands twice";
        labels = Attach(DcgmNames.Normalise(name, pairs));
        return null;
    }

    private static string? ParseLabels(ReadOnlySpan<char> text, List<KeyValuePair<string, string>> pairs, ref string name)
    {
        while (true)
        {
            text = text.TrimStart(" \t,");
            if (text.IsEmpty)
                return null;
            // {"utf8.name", label="x"}: OpenMetrics 2 puts a quoted metric name inside the braces.
            string label;
            if (text[0] == '"')
            {
                if (!TakeQuoted(ref text, out label))
                    return "a quoted name does not end";
                text = text.TrimStart();
                if (text.IsEmpty || text[0] == ',')
                {
                    name = label;
                    continue;
                }
            }
            else
            {
                var equal = text.IndexOf('=');
                if (equal < 0)
                    return "a label has no '='";
                label = text[..equal].Trim().ToString();
                text = text[equal..];
                if (!IsName(label, strict: true) || label.Contains(':', StringComparison.Ordinal))
                    return $"'{label}' is not a label name";
            }

            text = text.TrimStart();
            if (text.IsEmpty || text[0] != '=')
                return $"label {label} has no '='";
            text = text[1..].TrimStart();
            if (text.IsEmpty || text[0] != '"' || !TakeQuoted(ref text, out var value))
                return $"the value of label {label} is not quoted";
            pairs.Add(new(label, value));
            text = text.TrimStart();
            if (!text.IsEmpty && text[0] != ',')
                return $"after label {label} stands '{text[0]}', not a comma";
        }
    }

    private static bool TakeQuoted(ref ReadOnlySpan<char> text, out string value)
    {
        var builder = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                builder.Append(text[i] switch { 'n' => "\n", '"' => "\"", '\\' => "\\", var other => "\\" + other });
            }
            else if (text[i] == '"')
            {
                text = text[(i + 1)..];
                value = builder.ToString();
                return true;
            }
            else
            {
                builder.Append(text[i]);
            }
        }

        value = "";
        return false;
    }

    // A label of the target wins over one of the sample, which is kept under exported_ (Prometheus, honor_labels: false).
    private LabelSet Attach(LabelSet own)
    {
        foreach (var (name, value) in targetLabels)
        {
            if (own.TryGet(name, out var theirs) && theirs != value)
                own = own.With("exported_" + name, theirs);
            own = own.With(name, value);
        }

        return own;
    }

    private static bool IsName(string text, bool strict)
    {
        if (text.Length == 0)
            return false;
        if (!strict)
            return true;
        for (var i = 0; i < text.Length; i++)
        {
            if (!(char.IsAsciiLetter(text[i]) || text[i] is '_' or ':' || (i > 0 && char.IsAsciiDigit(text[i]))))
                return false;
        }

        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out double number)
    {
        if (Utf8Parser.TryParse(text, out number, out var used) && used == text.Length)
            return true;
        var word = Encoding.ASCII.GetString(text);
        (var known, number) = word.ToUpperInvariant() switch
        {
            "NAN" => (true, double.NaN),
            "+INF" or "INF" or "+INFINITY" or "INFINITY" => (true, double.PositiveInfinity),
            "-INF" or "-INFINITY" => (true, double.NegativeInfinity),
            _ => (false, 0),
        };
        return known;
    }

    // Milliseconds as a whole number in text 0.0.4, seconds with a fraction in OpenMetrics.
    private static bool TryTime(ReadOnlySpan<byte> text, out long milliseconds)
    {
        if (Utf8Parser.TryParse(text, out milliseconds, out var used) && used == text.Length)
        {
            // A whole number too small for milliseconds of this century is seconds.
            if (milliseconds is > 0 and < 100_000_000_000)
                milliseconds *= 1_000;
            return true;
        }

        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds);
        milliseconds = isNumber ? (long)Math.Round(seconds * 1_000) : 0;
        return isNumber;
    }

    private static string Shorten(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        return text.Length <= 120 ? text : text[..120] + "…";
    }
}

using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// One syslog message, RFC 5424, or RFC 3164 as far as senders keep to it:
/// <code>
/// &lt;3&gt;1 2026-03-01T12:00:00.003Z node-003 kernel - - [origin ip="10.0.0.3"] [3600.000000] NVRM: Xid (PCI:0000:b3:00): 79, …
/// &lt;3&gt;Mar  1 12:00:00 node-003 kernel: [3600.000000] NVRM: Xid (PCI:0000:b3:00): 79, …
/// &lt;3&gt;2026-03-01T12:00:00+00:00 node-003 kernel: NVRM: …                     rsyslog's forward format
/// </code>
/// </summary>
internal sealed record SyslogMessage
{
    private const int Kernel = 0;

    /// <summary>What the kernel's own messages have; a program that logs cannot claim it through the local syslog.</summary>
    public int Facility { get; init; }

    /// <summary>0 emergency to 7 debug.</summary>
    public int Severity { get; init; }

    /// <summary>When, where it says so.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>True where the time was written without a year and a zone.</summary>
    public bool LacksYear { get; init; }

    /// <summary>The host that it names; empty where it names none.</summary>
    public string Host { get; init; } = "";

    /// <summary>The program.</summary>
    public string Program { get; init; } = "";

    /// <summary>The text without header and structured data.</summary>
    public string Text { get; init; } = "";

    /// <summary>True for messages of the kernel and of NVIDIA's fabric manager: the only ones that may speak of hardware.</summary>
    public bool IsOfKernel => Facility == Kernel || Program is "nv-fabricmanager";

    /// <summary>The message; null where the text does not begin with a priority in angle brackets and a header.</summary>
    public static SyslogMessage? TryParse(string text)
    {
        if (text.Length < 5 || text[0] != '<')
            return null;
        var end = text.IndexOf('>', 1);
        if (end is < 2 or > 4 || !int.TryParse(text.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var priority) || priority > 191)
            return null;
        var rest = text[(end + 1)..];
        var message = rest.StartsWith("1 ", StringComparison.Ordinal) ? Rfc5424(rest[2..]) : Rfc3164(rest);
        return message is null ? null : message with { Facility = priority >> 3, Severity = priority & 7 };
    }

    /// <summary>As a line of the kernel: a time since boot within the text is taken off it.</summary>
    public KernelLine ToKernelLine()
    {
        var inner = KernelLine.Parse(Text);
        return inner with { At = At ?? inner.At, LacksYear = At is null ? inner.LacksYear : LacksYear, LacksZone = At is null ? inner.LacksZone : LacksYear, Host = Host };
    }

    // TIMESTAMP HOST PROGRAM PROCID MSGID STRUCTURED-DATA [TEXT]; "-" for what is not there.
    private static SyslogMessage? Rfc5424(string rest)
    {
        var parts = rest.Split(' ', 6);
        if (parts.Length < 6 || !(parts[0] == "-" || TryIso(parts[0], out _)))
            return null;
        DateTimeOffset? at = TryIso(parts[0], out var stated) ? stated : null;
        if (SkipStructured(parts[5]) is not { } text)
            return null;
        return new SyslogMessage { At = at, Host = Stated(parts[1]), Program = Stated(parts[2]), Text = text.TrimStart('\uFEFF') };
    }

    // "-" or [id name="value" …][…]; a value may hold \" \\ and \].
    private static string? SkipStructured(string text)
    {
        if (text.StartsWith('-'))
            return text.Length == 1 ? "" : text[1] == ' ' ? text[2..] : null;
        var i = 0;
        while (i < text.Length && text[i] == '[')
        {
            var quoted = false;
            for (i++; i < text.Length && (quoted || text[i] != ']'); i++)
            {
                if (quoted && text[i] == '\\')
                    i++;
                else if (text[i] == '"')
                    quoted = !quoted;
            }

            i++;
        }

        return i == 0 || i > text.Length ? null : text[i..].TrimStart(' ');
    }

    private static SyslogMessage? Rfc3164(string rest)
    {
        DateTimeOffset at;
        bool lacksYear;
        string after;
        if (rest.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space && TryIso(rest[..space], out at))
        {
            (lacksYear, after) = (false, rest[(space + 1)..]);
        }
        else
        {
            // The leap year only lets 29 February be read.
            if (rest.Length < 17 || rest[15] != ' ' || !DateTimeOffset.TryParseExact(
                "2024 " + rest[..15], "yyyy MMM d HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out at))
            {
                return null;
            }

            (lacksYear, after) = (true, rest[16..]);
        }

        var host = "";
        var colon = after.IndexOf(": ", StringComparison.Ordinal);
        if (after.IndexOf(' ', StringComparison.Ordinal) is > 0 and var gap && (colon < 0 || gap < colon))
            (host, after) = (after[..gap], after[(gap + 1)..]);
        colon = after.IndexOf(": ", StringComparison.Ordinal);
        var tag = colon > 0 ? after[..colon] : "";
        if (tag.Contains(' ', StringComparison.Ordinal))
            (tag, colon) = ("", -1);
        var bracket = tag.IndexOf('[', StringComparison.Ordinal);
        return new SyslogMessage
        {
            At = at,
            LacksYear = lacksYear,
            Host = host,
            Program = bracket > 0 ? tag[..bracket] : tag,
            Text = colon > 0 ? after[(colon + 2)..] : after,
        };
    }

    private static bool TryIso(string text, out DateTimeOffset at)
    {
        at = default;
        return text.Length is >= 19 and <= 40 && text[4] == '-' && text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at);
    }

    private static string Stated(string part) => part == "-" ? "" : part;
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// One kernel line without its wrapper. Wrappers seen:
/// <code>
/// 6,3973,227996636,-;nvidia-nvswitch2: open (major=510)                    /dev/kmsg: priority, sequence, µs since boot
/// [ 3606.832215] NVRM: …       &lt;3&gt;[6085126.134786] NVRM: …                   dmesg
/// [Sun Feb 23 16:24:18 2025] NVRM: …                                       dmesg -T
/// kern  :warn  : 2025-01-21T04:41:44,285060+00:00 NVRM: …                  dmesg --decode --time-format iso
/// Feb 23 16:24:18 node-7 kernel: [16450076.435595] NVRM: …                 syslog and journald short, without a year
/// 2025-01-21T04:41:44.285060+00:00 node-7 kernel: NVRM: …                  journald short-iso, rsyslog
/// kernel: [16450076.435595] NVRM: …
/// [Feb 27 2025 15:10:02] [ERROR] [tid 12727] detected NVSwitch …           fabricmanager.log
/// </code>
/// </summary>
internal readonly partial record struct KernelLine(string Message)
{
    private static readonly string[] IsoFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss,FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mm:ss,FFFFFFFK",
    ];

    /// <summary>Sequence number of /dev/kmsg.</summary>
    public long? Sequence { get; init; }

    /// <summary>Time since boot.</summary>
    public TimeSpan? SinceBoot { get; init; }

    /// <summary>Wall time.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>True where the wall time was written without a year.</summary>
    public bool LacksYear { get; init; }

    /// <summary>True where the wall time was written without a zone.</summary>
    public bool LacksZone { get; init; }

    /// <summary>The host that a syslog line names.</summary>
    public string Host { get; init; } = "";

    public static KernelLine Parse(string line)
    {
        var record = Kmsg().Match(line);
        if (record.Success)
        {
            return new KernelLine(Unescape(record.Groups["msg"].Value))
            {
                Sequence = Number(record.Groups["seq"].Value),
                SinceBoot = Microseconds(record.Groups["us"].Value),
            };
        }

        var parsed = new KernelLine(line);
        var wrapper = Wrapper().Match(line);
        if (!wrapper.Success)
            return parsed;
        var at = Wall(wrapper, out var lacksYear);
        return new KernelLine(line[wrapper.Length..])
        {
            At = at,
            LacksYear = lacksYear,
            LacksZone = lacksYear || wrapper.Groups["long"].Success || wrapper.Groups["fabric"].Success,
            SinceBoot = Seconds(wrapper.Groups["up"].Value),
            Host = wrapper.Groups["host"].Value,
        };
    }

    /// <summary>
    /// The wall time of the line: its own, or boot time plus its time since boot; null where neither is known.
    /// <paramref name="zone"/> is the offset from UTC of times written without one.
    /// </summary>
    public DateTimeOffset? TimeAt(DateTimeOffset? bootTime, DateTimeOffset now, TimeSpan zone)
    {
        if (At is { } at)
        {
            var local = LacksYear ? WithYear(at, now + zone) : at;
            return LacksZone ? local - zone : local;
        }

        // Both come from outside: a sum beyond the calendar is no time.
        return bootTime is { Year: < 3000 } boot && SinceBoot is { } since && since < TimeSpan.FromDays(20_000) ? boot + since : null;
    }

    // A line of December read in January is of last year.
    private static DateTimeOffset WithYear(DateTimeOffset at, DateTimeOffset now)
    {
        var day = Math.Min(at.Day, DateTime.DaysInMonth(now.Year, at.Month));
        var dated = new DateTimeOffset(now.Year, at.Month, day, at.Hour, at.Minute, at.Second, TimeSpan.Zero);
        return dated > now + TimeSpan.FromDays(2) && now.Year > 1 ? dated.AddYears(-1) : dated;
    }

    private static DateTimeOffset? Wall(Match wrapper, out bool lacksYear)
    {
        lacksYear = false;
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        var invariant = CultureInfo.InvariantCulture;
        if (wrapper.Groups["iso"] is { Success: true } iso
            && DateTimeOffset.TryParseExact(Colon(iso.Value), IsoFormats, invariant, utc, out var at))
        {
            return at;
        }

        if (wrapper.Groups["long"] is { Success: true } written
            && DateTimeOffset.TryParseExact(written.Value, "ddd MMM d HH:mm:ss yyyy", invariant, utc, out at))
        {
            return at;
        }

        if (wrapper.Groups["fabric"] is { Success: true } fabric
            && DateTimeOffset.TryParseExact(fabric.Value, "MMM dd yyyy HH:mm:ss", invariant, utc, out at))
        {
            return at;
        }

        // A leap year, so that 29 February can be read.
        lacksYear = wrapper.Groups["short"].Success;
        return lacksYear
            && DateTimeOffset.TryParseExact("2024 " + wrapper.Groups["short"].Value, "yyyy MMM d HH:mm:ss", invariant, utc, out at)
            ? at
            : null;
    }

    // journald writes +0000, .NET reads +00:00.
    private static string Colon(string iso) =>
        iso.Length > 5 && iso[^5] is '+' or '-' ? iso.Insert(iso.Length - 2, ":") : iso;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan? Microseconds(string text) =>
        Number(text) is { } us and < long.MaxValue / 20 ? TimeSpan.FromTicks(us * 10) : null;

    private static TimeSpan? Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e11
            ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;

    // /dev/kmsg writes bytes outside printable ASCII as \xNN.
    private static string Unescape(string text) => text.Contains("\\x", StringComparison.Ordinal)
        ? Escape().Replace(text, byteCode => $"{(char)Convert.ToByte(byteCode.Groups[1].Value, 16)}")
        : text;

    [GeneratedRegex(@"^\d{1,4},(?<seq>\d{1,19}),(?<us>\d{1,19}),[^;]*;(?<msg>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Kmsg();

    [GeneratedRegex(
        """
        ^(?:<\d{1,3}>)?
        (?:[a-z0-9]+\s*:(?:emerg|alert|crit|err|warn|notice|info|debug)\s*:\s+)?
        (?:(?<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)\s+)?
        (?:(?<short>[A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d)\s+)?
        (?:(?<host>[A-Za-z0-9][\w.-]*)\s+(?=kernel:))?
        (?:kernel:\s*)?
        (?:\[\s*(?<up>\d+\.\d+)\]\s?|\[(?<fabric>[A-Z][a-z]{2}\s\d\d\s\d{4}\s\d\d:\d\d:\d\d)\]\s(?:\[\w+\]\s)?(?:\[tid\s\d+\]\s)?|\[(?<long>[A-Z][a-z]{2}\s[A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d\s\d{4})\]\s?)?
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Wrapper();

    [GeneratedRegex(@"\\x([0-9a-fA-F]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}

using System.Globalization;
using System.Text;

namespace Observability.Alerting;

/// <summary>What <c>toTime</c> gives: a time in UTC with the members that templates read.</summary>
internal sealed record TemplateTime(double UnixSeconds)
{
    // Longest first: January before Jan. 15:04 and 2006-01-02 are Go's way to name hour and date.
    private static readonly (string Go, string Net)[] s_layout =
    [
        ("January", "MMMM"), ("Monday", "dddd"), ("2006", "yyyy"), ("-0700", "+0000"), ("Z07:00", "Z"), ("Jan", "MMM"), ("Mon", "ddd"), ("MST", "UTC"),
        (".000", ".fff"), ("01", "MM"), ("02", "dd"), ("03", "hh"), ("04", "mm"), ("05", "ss"), ("06", "yy"), ("15", "HH"), ("PM", "tt"),
        ("1", "%M"), ("2", "%d"), ("3", "%h"), ("4", "%m"), ("5", "%s"),
    ];

    private DateTimeOffset Time => DateTimeOffset.UnixEpoch.AddMilliseconds((long)Math.Clamp(UnixSeconds * 1e9, -9.2e18, 9.2e18) / 1_000_000);

    /// <summary>A member without arguments; null where there is none of that name.</summary>
    public object? Read(string member) => member switch
    {
        "Year" => (long)Time.Year,
        "Month" => Time.ToString("MMMM", CultureInfo.InvariantCulture),
        "Day" => (long)Time.Day,
        "Hour" => (long)Time.Hour,
        "Minute" => (long)Time.Minute,
        "Second" => (long)Time.Second,
        "Weekday" => Time.DayOfWeek.ToString(),
        "YearDay" => (long)Time.DayOfYear,
        "Unix" => Time.ToUnixTimeSeconds(),
        "UTC" => this,
        _ => null,
    };

    /// <summary>The time in a layout of Go: <c>2006-01-02 15:04:05</c>.</summary>
    public string Format(string layout)
    {
        var text = new StringBuilder();
        for (var i = 0; i < layout.Length;)
        {
            var at = i;
            var (go, net) = Array.Find(s_layout, pair => string.CompareOrdinal(layout, at, pair.Go, 0, pair.Go.Length) == 0);
            text.Append(go is null ? layout[i].ToString() : net is "+0000" or "Z" or "UTC" ? net : Time.ToString(net, CultureInfo.InvariantCulture));
            i += go?.Length ?? 1;
        }

        return text.ToString();
    }

    public override string ToString() => Humanize.Timestamp(UnixSeconds);
}

using System.Globalization;
using Observability.Model;

namespace Observability.Console;

/// <summary>How the console writes values.</summary>
internal static class Words
{
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Percent(double? share) =>
        share is { } value ? value.ToString("0.0 %", CultureInfo.InvariantCulture) : "no data yet";

    public static string Span(TimeSpan span) => span.TotalMinutes < 2 ? $"{span.TotalSeconds:0} s"
        : span.TotalHours < 2 ? $"{span.TotalMinutes:0} min" : $"{span.TotalHours:0.#} h";

    public static string Class(string faultClass) => faultClass.Replace('_', ' ');

    public static string Kind(VerdictKind kind) => kind switch
    {
        VerdictKind.Hardware => "hardware",
        VerdictKind.NotHardware => "not hardware",
        _ => "I don't know",
    };
}

using System.Globalization;
using Observability.Model;

namespace Observability.Console;

/// <summary>How the console writes values.</summary>
internal static class Words
{
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    public static string Percent(double? share) =>
        share is { } value ? value.ToString("0.0 %", CultureInfo.InvariantCulture) : "no data yet";

    /// <summary>A share that must not look like nothing when it is something.</summary>
    public static string Cost(double share) => share is > 0 and < 0.0005 ? "less than 0.1 %" : Percent(share);

    public static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Many(long count, string one, string? many = null) => $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    public static string Span(TimeSpan span)
    {
        var (text, sign) = span < TimeSpan.Zero ? (Positive(-span), "-") : (Positive(span), "");
        return sign + text;
    }

    public static string Class(string faultClass) => faultClass.Replace('_', ' ');

    public static string Kind(VerdictKind kind) => kind switch
    {
        VerdictKind.Hardware => "hardware",
        VerdictKind.NotHardware => "not hardware",
        _ => "I don't know",
    };

    public static string State(ExecutionState state) => state switch
    {
        ExecutionState.AwaitingApproval => "waits for a yes",
        ExecutionState.AwaitingBudget => "waits for a budget",
        ExecutionState.Observed => "observed only",
        ExecutionState.Verifying => "verifying",
        _ => Lower(state),
    };

    public static string State(IncidentState state) => Lower(state);

    /// <summary>Why nobody is told, and until when.</summary>
    public static string Mute(IncidentMute mute) => mute.Until is { } until ? $"{mute.Reason}, until {Moment(until)}" : mute.Reason;

    public static string Reason(NoiseReason reason) => reason switch
    {
        NoiseReason.Flapping => "flapping",
        NoiseReason.Silenced => "silenced",
        NoiseReason.Inhibited => "below an active cause",
        NoiseReason.Digest => "moved to the digest",
        _ => Lower(reason),
    };

    public static string Standing(RuleStanding? standing) => standing is null ? "—"
        : Lower(standing.Standing) + (standing.Last.IsPinned ? ", pinned" : "");

    /// <summary>Precision with its interval and what it rests on.</summary>
    public static string Precision(RuleRecord record) => record.Precision is { } precision
        ? string.Create(CultureInfo.InvariantCulture, $"{precision:0.00} ({record.Lower:0.00} to {record.Upper:0.00}) of {record.Judged}")
        : "none judged";

    public static string Answer(LabelAnswer answer) => answer switch
    {
        LabelAnswer.Yes => "worth waking someone",
        LabelAnswer.No => "not worth waking someone",
        _ => "I don't know",
    };

    public static string Evidence(EvidenceKind kind) => kind switch
    {
        EvidenceKind.LogLine => "log line",
        EvidenceKind.Counter => "against it",
        _ => Lower(kind),
    };

#pragma warning disable CA1308 // words for people are lower case
    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private static string Positive(TimeSpan span) => span.TotalMinutes < 2 ? $"{span.TotalSeconds:0} s"
        : span.TotalHours < 2 ? $"{span.TotalMinutes:0} min"
        : span.TotalDays < 3 ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} d");
}

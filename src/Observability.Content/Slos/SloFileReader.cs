using System.Collections.Immutable;
using System.Globalization;
using Observability.Model;

namespace Observability.Content;

/// <summary>
/// Reads OpenSLO v1 and v2alpha. References to SLIs, alert policies and conditions resolve over all files together.
/// The annotation <c>observability/burn-rates: google</c> adds the SRE workbook's rows, scaled to the window.
/// </summary>
public static class SloFileReader
{
    private const string BurnRates = "observability/burn-rates";

    /// <summary>One SLO per objective; an SLO with a fault is left out.</summary>
    public static ReadResult<ImmutableArray<SloSpec>> Read(IReadOnlyList<ContentFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var findings = new Findings();
        var documents = new OpenSloDocuments(files, findings);
        var slos = new List<SloSpec>();
        foreach (var slo in documents.Slos)
        {
            var before = findings.Count;
            var read = ReadSlo(slo, documents);
            if (findings.Count == before)
                slos.AddRange(read);
        }

        return findings.With<ImmutableArray<SloSpec>>([.. slos]);
    }

    private static SloSpec[] ReadSlo(OpenSloObject slo, OpenSloDocuments documents)
    {
        var spec = slo.Spec;
        var draft = new SloSpec
        {
            Id = slo.Name,
            DisplayName = slo.DisplayName.Length > 0 ? slo.DisplayName : slo.Name,
            Service = ReadService(spec, slo.IsDraft),
            Description = spec.Text("description") ?? "",
            Indicator = ReadIndicator(spec, slo.IsDraft, documents),
            Target = 0,
            Window = TimeSpan.Zero,
            Method = Enum.Parse<BudgetingMethod>(spec.OneOf("budgetingMethod", "Occurrences", "Timeslices", "RatioTimeslices")),
            Source = spec.At,
        };
        draft = ReadWindow(spec, draft, slo.IsDraft);
        var burnRates = ReadBurnRates(slo, draft.Window, documents);
        var objectives = spec.Maps("objectives");
        if (objectives.Count == 0)
            spec.Fault("objectives", "must have at least one item");
        spec.Close();
        return objectives.Select((objective, index) => ReadObjective(objective, draft with
        {
            Id = objectives.Count == 1 ? slo.Name : $"{slo.Name}-{index + 1}",
            BurnRates = burnRates,
        }, objectives.Count > 1)).ToArray();
    }

    // v2alpha's text says service, its published samples say serviceRef.
    private static string ReadService(YamlMap spec, bool isDraft) =>
        isDraft && spec.Has("serviceRef") ? spec.Required("serviceRef") : spec.Required("service");

    private static SliSpec ReadIndicator(YamlMap spec, bool isDraft, OpenSloDocuments documents)
    {
        var (inline, reference) = isDraft ? ("sli", "sliRef") : ("indicator", "indicatorRef");
        if (spec.Has(inline) == spec.Has(reference))
        {
            spec.Fault(inline, $"or {reference}: an SLO has exactly one of them; objectives with their own indicator are not supported, write one SLO for each");
            spec.Ignore(inline, reference);
            return new SliSpec();
        }

        OpenSloObject? found;
        if (spec.Has(reference))
            found = documents.Resolve(spec, reference, "SLI", spec.Required(reference));
        else
            found = spec.Map(inline) is { } map ? OpenSloDocuments.ReadObject(map, "SLI", isDraft) : null;
        return found is null ? new SliSpec() : IndicatorReader.Read(found);
    }

    private static SloSpec ReadWindow(YamlMap spec, SloSpec slo, bool isDraft)
    {
        var windows = spec.Maps("timeWindow");
        if (windows.Count != 1)
        {
            spec.Fault("timeWindow", $"must have exactly one item, has {windows.Count}");
            return slo;
        }

        var window = windows[0];
        var text = window.Required("duration");
        if (!OpenSloDuration.TryParse(text, out var length, out var months) || (isDraft && months > 0))
            window.Fault("duration", $"must be a number and one of {(isDraft ? "m h d w" : "m h d w M Q Y")}, is '{text}'");
        var calendar = window.Map("calendar");
        var isRolling = window.Flag("isRolling") ?? calendar is null;
        window.Close();
        if (isRolling && calendar is not null)
            window.Fault("isRolling", "is true, but there is a calendar; remove one of them");
        if (!isRolling && calendar is null)
            window.Fault("calendar", "is missing; a window that does not roll has one");
        slo = slo with { Window = length };
        return calendar is null ? slo : slo with { CalendarStart = ReadCalendar(calendar), CalendarMonths = months };
    }

    private static DateTimeOffset? ReadCalendar(YamlMap calendar)
    {
        var start = calendar.Required("startTime");
        var zone = calendar.Required("timeZone");
        calendar.Close();
        if (!DateTime.TryParseExact(start, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            calendar.Fault("startTime", $"must be written as 2026-01-01 00:00:00, is '{start}'");
            return null;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            return new DateTimeOffset(local, found.GetUtcOffset(local));
        calendar.Fault("timeZone", $"is '{zone}'; use an IANA name such as UTC or Europe/Berlin");
        return null;
    }

    private static ImmutableArray<BurnRateWindow> ReadBurnRates(OpenSloObject slo, TimeSpan window, OpenSloDocuments documents)
    {
        var rows = new List<BurnRateWindow>();
        if (slo.Annotations.TryGetValue(BurnRates, out var preset))
        {
            if (preset == "google")
                rows.AddRange(BurnRateReader.GoogleRows(window));
            else
                slo.Spec.Fault(BurnRates, $"is '{preset}'; use google, or alertPolicies");
        }

        foreach (var policy in slo.Spec.Maps("alertPolicies"))
            rows.AddRange(BurnRateReader.Read(policy, slo.IsDraft, documents));
        return [.. rows];
    }

    private static SloSpec ReadObjective(YamlMap objective, SloSpec slo, bool several)
    {
        var name = objective.Text("displayName");
        slo = slo with
        {
            Target = ReadTarget(objective),
            DisplayName = several && name is not null ? $"{slo.DisplayName}: {name}" : slo.DisplayName,
            TimeSliceTarget = objective.Number("timeSliceTarget") ?? 1,
            TimeSlice = ReadSlice(objective),
            ThresholdOperator = objective.Text("op") ?? "",
            ThresholdValue = objective.Number("value") ?? 0,
        };
        objective.Close();
        if (slo.TimeSliceTarget is not (> 0 and <= 1))
            objective.Fault("timeSliceTarget", $"is {slo.TimeSliceTarget}; use above 0 up to 1");
        if (slo.Method != BudgetingMethod.Occurrences && !objective.Has("timeSliceWindow"))
            objective.Fault("timeSliceWindow", $"is missing; the budgeting method {slo.Method} needs it");
        if (slo.Method == BudgetingMethod.Timeslices && !objective.Has("timeSliceTarget"))
            objective.Fault("timeSliceTarget", "is missing; the budgeting method Timeslices needs it");
        if (slo.Indicator.Threshold is not null)
            CheckThreshold(objective, slo);
        return slo;
    }

    private static void CheckThreshold(YamlMap objective, SloSpec slo)
    {
        if (slo.ThresholdOperator is not ("lt" or "lte" or "gt" or "gte"))
            objective.Fault("op", $"is '{slo.ThresholdOperator}'; a threshold metric needs lt, lte, gt or gte");
        if (!objective.Has("value"))
            objective.Fault("value", "is missing; a threshold metric needs it");
    }

    private static double ReadTarget(YamlMap objective)
    {
        var (ratio, percent) = (objective.Number("target"), objective.Number("targetPercent"));
        if (objective.Has("target") == objective.Has("targetPercent"))
            objective.Fault("target", "or targetPercent: an objective has exactly one of them");
        if (ratio is not null and not (>= 0 and < 1))
            objective.Fault("target", $"is {ratio}; use 0 up to below 1 (a target of 1 has no error budget)");
        if (percent is not null and not (>= 0 and < 100))
            objective.Fault("targetPercent", $"is {percent}; use 0 up to below 100 (a target of 100 has no error budget)");
        return ratio ?? (percent ?? 0) / 100;
    }

    private static TimeSpan ReadSlice(YamlMap objective)
    {
        if (objective.Text("timeSliceWindow") is not { } text)
            return TimeSpan.FromMinutes(1);
        // A bare number means minutes.
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 1 and <= 1440)
            return TimeSpan.FromMinutes(minutes);
        if (OpenSloDuration.TryParse(text, out var length, out _))
            return length;
        objective.Fault("timeSliceWindow", $"must be minutes or a number and one of m h d w, is '{text}'");
        return TimeSpan.FromMinutes(1);
    }
}

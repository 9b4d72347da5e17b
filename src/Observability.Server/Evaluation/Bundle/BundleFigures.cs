using Observability.Model;

namespace Observability.Server;

/// <summary>The figures of scored cases, each with its 95 % interval by drawing cases.</summary>
internal static class BundleFigures
{
    private const int Bins = 10;

    // What has not been seen in n tries is rarer than 3/n, at 95 % (Hanley and Lippman-Hand 1983). Cases without it, drawn again, would say never.
    private const double RuleOfThree = 3;

    /// <summary>All figures, the important first.</summary>
    public static IReadOnlyList<EvalFigure> Of(IReadOnlyList<ScoredCase> cases) =>
    [
        Share(cases, "precision", one => one.Incidents.Select(incident => incident.Worth).Where(worth => worth != IncidentWorth.Harmless), worth => worth == IncidentWorth.OfFault),
        Share(cases, "recall", one => one.Faults, fault => fault.IsFound),
        Share(cases, "device_first", Found, fault => fault.IsFirst),
        Share(cases, "device_in_first_three", Found, fault => fault.IsInThree),
        Share(cases, "device_first_where_shown", one => Found(one).Where(fault => fault.IsShown), fault => fault.IsFirst),
        Share(cases, "device_in_first_three_where_shown", one => Found(one).Where(fault => fault.IsShown), fault => fault.IsInThree),
        Share(cases, "hardware_first", one => Found(one).Where(fault => fault.Fault.IsHardware), fault => fault.IsFirst),
        Share(cases, "hardware_in_first_three", one => Found(one).Where(fault => fault.Fault.IsHardware), fault => fault.IsInThree),
        Share(cases, "class_and_device_first", Found, fault => fault.IsRight),
        Share(cases, "abstention", Found, fault => fault.Abstains),
        Share(cases, "right_where_it_answers", one => one.Incidents.Where(incident => incident.Claims && incident.Worth != IncidentWorth.Harmless), incident => incident.IsRight),
        Drawn(cases, "expected_calibration_error", Answers, CalibrationError),
        .. Delays(cases, FaultGroup.Explicit, fault => FaultGroup.Of(fault) == FaultGroup.Explicit, "s", fault => fault.Delay),
        .. Delays(cases, FaultGroup.Hang, fault => FaultGroup.Of(fault) == FaultGroup.Hang, "s", fault => fault.Delay),
        .. Delays(cases, FaultGroup.Slow, IsSlow, "s", fault => fault.Delay),
        // Sets and runs that were written before truth said how long a step takes have no such figures.
        .. cases.Any(one => one.Faults.Any(fault => fault.Fault.StepSeconds is not null)) ? StepDelays(cases) : [],
        Quantile(cases, "verdict_delay_p50_s", one => one.Faults.Select(fault => fault.VerdictDelay), 0.5),
        Quantile(cases, "verdict_delay_p99_s", one => one.Faults.Select(fault => fault.VerdictDelay), 0.99),
        Ratio(cases, "false_positives_per_day_per_1000_gpus", one => one.Incidents.Count(IsFalse), one => one.GpuDays / 1_000),
        Ratio(cases, "false_hardware_per_day_per_1000_gpus", one => one.Incidents.Count(incident => incident.Worth is IncidentWorth.NegativeBlamed or IncidentWorth.WrongBlame), one => one.GpuDays / 1_000),
        Share(cases, "negatives_blamed_on_hardware", one => one.Negatives, negative => negative.IsBlamed),
        Ratio(cases, "false_cordons", one => one.Cordons.False, one => one.Cordons.All, whenNothing: 0),
        Ratio(cases, "compression", one => one.Alerts - one.Incidents.Count, one => one.Alerts),
        Share(cases, "lost_causes", Found, fault => !fault.IsInThree),
    ];

    /// <summary>True for an incident that somebody was woken for without reason.</summary>
    public static bool IsFalse(ScoredIncident incident) => incident.Worth is IncidentWorth.OfNothing or IncidentWorth.NegativeBlamed or IncidentWorth.WrongBlame;

    /// <summary>A quantile, the nearest value from below; not-a-number of nothing.</summary>
    public static double QuantileOf(List<double> values, double share)
    {
        values.Sort();
        return values.Count == 0 ? double.NaN : values[(int)Math.Ceiling(share * values.Count) - 1];
    }

    private static IEnumerable<ScoredFault> Found(ScoredCase one) => one.Faults.Where(fault => fault.IsFound);

    private static IEnumerable<EvalFigure> StepDelays(IReadOnlyList<ScoredCase> cases) =>
    [
        .. Delays(cases, FaultClass.Straggler, fault => fault.Kind == FaultClass.Straggler, "steps", InSteps),
        .. Delays(cases, FaultGroup.Slow, IsSlow, "steps", InSteps),
    ];

    private static bool IsSlow(LabelledFault fault) => FaultGroup.Of(fault) == FaultGroup.Slow;

    private static double? InSteps(ScoredFault fault) => fault.Delay / fault.Fault.StepSeconds;

    private static IEnumerable<EvalFigure> Delays(IReadOnlyList<ScoredCase> cases, string what, Func<LabelledFault, bool> isOf, string unit, Func<ScoredFault, double?> delay)
    {
        IEnumerable<double?> Of(ScoredCase one) => one.Faults.Where(fault => isOf(fault.Fault)).Select(delay);
        yield return Quantile(cases, $"{what}_delay_p50_{unit}", Of, 0.5);
        yield return Quantile(cases, $"{what}_delay_p99_{unit}", Of, 0.99);
    }

    private static EvalFigure Share<T>(IReadOnlyList<ScoredCase> cases, string name, Func<ScoredCase, IEnumerable<T>> of, Func<T, bool> isSo) =>
        Ratio(cases, name, one => of(one).Count(isSo), one => of(one).Count(), most: 1);

    private static EvalFigure Ratio(
        IReadOnlyList<ScoredCase> cases, string name, Func<ScoredCase, double> above, Func<ScoredCase, double> below, double whenNothing = double.NaN, double most = double.PositiveInfinity)
    {
        (double Above, double Below)[] parts = [.. cases.Select(one => (above(one), below(one))).Where(part => part.Item1 != 0 || part.Item2 != 0)];
        double Of(IReadOnlyList<(double Above, double Below)> drawn)
        {
            double a = 0, b = 0;
            foreach (var part in drawn)
                (a, b) = (a + part.Above, b + part.Below);
            return b == 0 ? double.NaN : a / b;
        }

        var value = Of(parts);
        return new EvalFigure(name, double.IsNaN(value) ? whenNothing : value, Within(Bootstrap.Of(parts, Of), parts, most), parts.Length);
    }

    private static Interval? Within(Interval? drawn, (double Above, double Below)[] parts, double most)
    {
        var (above, below) = (parts.Sum(part => part.Above), parts.Sum(part => part.Below));
        if (drawn is not { } interval || below <= 0)
            return drawn;
        var unseen = Math.Min(most, RuleOfThree / below);
        return above == 0 ? interval with { High = unseen }
            : above == most * below ? interval with { Low = most - unseen }
            : interval;
    }

    private static EvalFigure Quantile(IReadOnlyList<ScoredCase> cases, string name, Func<ScoredCase, IEnumerable<double?>> of, double share) =>
        Drawn(cases, name, one => of(one).OfType<double>(), values => QuantileOf(values, share));

    private static EvalFigure Drawn<T>(IReadOnlyList<ScoredCase> cases, string name, Func<ScoredCase, IEnumerable<T>> of, Func<List<T>, double> statistic)
    {
        T[][] parts = [.. cases.Select(one => of(one).ToArray()).Where(part => part.Length > 0)];
        double Of(IReadOnlyList<T[]> drawn)
        {
            var all = new List<T>(drawn.Count * 2);
            foreach (var part in drawn)
                all.AddRange(part);
            return statistic(all);
        }

        return new EvalFigure(name, Of(parts), Bootstrap.Of(parts, Of), parts.Length);
    }

    private static IEnumerable<(double Confidence, bool IsRight)> Answers(ScoredCase one) => one.Incidents
        .Where(incident => incident is { Worth: not IncidentWorth.Harmless, Claims: true, Confidence: not null }).Select(incident => (incident.Confidence!.Value, incident.IsRight));

    // Ten bins of equal width: the mean distance between how sure and how often right, weighted by how many.
    private static double CalibrationError(List<(double Confidence, bool IsRight)> answers)
    {
        Span<double> sure = stackalloc double[Bins];
        Span<double> right = stackalloc double[Bins];
        foreach (var (confidence, isRight) in answers)
        {
            var bin = Math.Clamp((int)(confidence * Bins), 0, Bins - 1);
            sure[bin] += confidence;
            right[bin] += isRight ? 1 : 0;
        }

        double error = 0;
        for (var bin = 0; bin < Bins; bin++)
            error += Math.Abs(sure[bin] - right[bin]);
        return answers.Count == 0 ? double.NaN : error / answers.Count;
    }
}

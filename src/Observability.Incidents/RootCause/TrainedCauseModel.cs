using System.Globalization;

namespace Observability.Incidents;

/// <summary>A trained ranker, ready to be written to files.</summary>
/// <param name="Model">The model as ML.NET writes it.</param>
/// <param name="Calibration">The calibration as JSON.</param>
/// <param name="Report">How good it is on data it has not seen.</param>
/// <param name="Before">How often the model it would replace is right at once on the same data; null where there is none that can be asked.</param>
public sealed record TrainedCauseModel(byte[] Model, byte[] Calibration, CauseReport Report, double? Before = null)
{
    // Two standard errors: below that a difference is as likely luck.
    private const double Errors = 2;

    /// <summary>Why it must not replace the model before it: it is worse, by more than chance; empty where it may.</summary>
    public string Refusal
    {
        get
        {
            var error = Math.Sqrt(Report.Top1 * (1 - Report.Top1) / Math.Max(1, Report.Judged));
            return Before is { } before && before > Report.Top1 + (Errors * error)
                ? string.Create(CultureInfo.InvariantCulture, $"the new model is right at once on {Report.Top1:P1} of {Report.Judged} judgements, the one before it on {before:P1} of the same")
                : "";
        }
    }
}

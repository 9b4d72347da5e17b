using System.Globalization;
using System.Text;

namespace Observability.Incidents;

/// <summary>Writes a report as <c>docs/accuracy.md</c>, so that the page never says anything else than the report.</summary>
public static class AccuracyPage
{
    /// <summary>The page.</summary>
    public static string Of(CauseReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # How often the culprit is right

            Written by `observability eval train --page docs/accuracy.md`; do not edit it by hand. The numbers are those of
            `src/Observability.Incidents/Models/root-cause.report.json`, which ships beside the model.

            The ranker (LightGBM LambdaRank, ML.NET) learns from {report.Data}.
            A story tells one to three faults with the signatures and delays of published failures, among alerts that have nothing to do
            with them: a third has a second fault within three minutes, half of those in the same job; alerts are lost
            and late; neighbours look bad too; one fleet in three is known in part only, one story in ten is told by rules without roles. The alerts go through the same correlation as real
            ones. No part shares a seed or a fleet shape with another. The demo's simulator and its seeds are not used for training.
            Generator and features were worked out on seed 20260301; the seeds below serve what is shipped and reported, and nothing was chosen by them.

            | part | seed | fleets (nodes×GPUs/nodes per leaf/jobs) | stories | judgements | SHA-256 |
            | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var part in report.Parts)
            page.Append(CultureInfo.InvariantCulture, $"| {part.Part} | {part.Seed} | {part.Fleets} | {part.Stories} | {part.Judgements} | `{part.Digest[..16]}…` |\n");
        page.Append(CultureInfo.InvariantCulture, $"""

            ## Who did it

            On the {report.Judged} judgements of the test part in which somebody is guilty; right means the right entity with the right kind of fault.

            | who decides | right at once |
            | --- | --- |
            | **the ranker** | **{report.Top1:P1}** (among its first three: {report.Top3:P1}) |
            | the most cause alerts | {report.Baselines.MostCauseAlerts:P1} |
            | the earliest alert | {report.Baselines.EarliestAlert:P1} |
            | the most alerts | {report.Baselines.MostAlerts:P1} |
            | chance | {report.Baselines.Random:P1} |

            ## How sure, and when it says "I don't know"

            Probabilities are calibrated on parts of their own, stories and episodes of simulated fleets at equal weight; their expected error on the test part is {report.CalibrationError:P1}. Below
            {report.AbstainBelow:P0} the verdict is *unknown*: the lowest threshold at which {CauseCalibration.WantedPrecision:P0} of the answers on the
            calibration parts are right. On the test part it then answers {report.Answered:P1} of all judgements, and {report.AnsweredRight:P1} of its answers are
            right. In {report.Nobody} judgements nobody that the alerts name is guilty; it abstains from {report.NobodyAbstained:P1} of those.

            ## By kind of fault

            | kind | judgements | right at once | mean confidence |
            | --- | --- | --- | --- |

            """);
        foreach (var one in report.Classes)
            page.Append(CultureInfo.InvariantCulture, $"| {one.FaultClass} | {one.Judgements} | {one.Top1:P1} | {one.Confidence:P1} |\n");
        page.Append("""

            ## What this does not say

            Synthetic incidents are as true as their signatures. No labelled incidents of a real fleet with these telemetry sources are public
            at this size, so the numbers are an upper bound until a site's own feedback is trained on. Two kinds must stay hard: a GPU
            that falls off the bus unseen (its XID lost, its series not yet known to be gone) looks like a hang of the job's own code, and of
            two GPUs that report the same NVLink error within a second either may be the broken one.

            """);
        return page.ToString();
    }
}

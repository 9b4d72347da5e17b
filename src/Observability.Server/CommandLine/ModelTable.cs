using System.Globalization;
using Observability.Model;

namespace Observability.Server;

/// <summary>Versions of the classifier as a table.</summary>
internal static class ModelTable
{
    private const int MostFeatures = 5;

    public static string Of(LearningView view)
    {
        List<string> lines = [Row("version", "", "trained", "parent", "labels", "loss", "brier", "ece", "auc", "lost", "digest")];
        foreach (var model in view.Versions)
        {
            lines.Add(Line(model, "stories", model.Synthetic, view.InUse));
            if (model.Journal is { } journal)
                lines.Add(Line(model, "held out", journal, ""));
            if (model.ParentOnJournal is { } parent)
                lines.Add(Line(model, $"{model.Parent} there", parent, ""));
        }

        lines.Add(Say($"in use: {view.InUse}{(view.InUseSince is { } since ? Say($" since {since:yyyy-MM-dd HH:mm} UTC, by {view.InUseBy}") : "")}; {view.Labels} labels, {view.NewLabels} of them new"));
        lines.AddRange(view.Trainings.Take(MostFeatures).Select(one => Say(
            $"{one.At:yyyy-MM-dd HH:mm} {one.Version} for {one.By} from {one.Labels} labels: {(one.Refusal.Length > 0 ? "refused, " + one.Refusal : "kept")}")));
        if (view.Drift is { } drift)
            lines.AddRange(Drift(drift));
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Drift(ModelDrift drift)
    {
        yield return drift.Score is { } score
            ? Say($"drift of {drift.Alerts} alerts of late: score {score:0.00}, {string.Join(", ", drift.Features.Take(MostFeatures).Select(one => Say($"{one.Feature} {one.Index:0.00}")))} (population stability index; above {ModelDrift.Shifted} is another distribution)")
            : Say($"drift: {drift.Alerts} alerts of late are too few to compare");
        if (drift.Brier is { } brier)
            yield return Say($"{drift.Answered} answers of late: Brier {brier:0.000}, calibration error {drift.CalibrationError:0.000}");
        if (drift.Largest > ModelDrift.Shifted)
        {
            yield return drift.Version == ModelVersion.Shipped
                ? "the shipped model knows synthetic stories only, and the alerts here differ from them: answer what is asked, and train (model train)"
                : "the alerts are no longer those it was trained amid: answer what is asked, and train (model train)";
        }
    }

    private static string Line(ModelVersion model, string on, ModelFigures figures, string inUse) => Row(
        model.Version + (model.Version == inUse ? " *" : ""), on, model.TrainedAt?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "-", model.Parent,
        Say($"{model.JournalExamples}"), Say($"{figures.LogLoss:0.000}"), Say($"{figures.Brier:0.000}"), Say($"{figures.CalibrationError:0.000}"), figures.Auc is { } auc ? Say($"{auc:0.000}") : "-",
        Say($"{figures.ActionableInDigest:P1}"), Say($"{figures.NoiseInDigest:P1}"));

    private static string Row(params string[] cells) =>
        $"{cells[0],-10} {cells[1],-14} {cells[2],-16} {cells[3],-8} {cells[4],6} {cells[5],6} {cells[6],6} {cells[7],6} {cells[8],6} {cells[9],7} {cells[10],7}".TrimEnd();

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>Trains the classifier of actionability from synthetic stories and from what people said, and judges it on what it has not seen.</summary>
public static class ActionabilityTrainer
{
    // The journal as a whole weighs as much as the stories at most, and no answer more than this many synthetic alerts: a handful of
    // answers shall move the model, not overthrow it.
    private const double MostPerLabel = 50;

    // What must not be forgotten for a site's sake: more of the real faults' alerts in the digest than before, as a share of them.
    private const double MostLost = 0.01;

    // Below that a difference is as likely luck.
    private const double Errors = 2;

    /// <summary>Trains; the same data, seed and number of stories give the same model.</summary>
    /// <param name="training">What it starts from.</param>
    /// <param name="data">The journal's part; empty for the shipped model.</param>
    /// <param name="before">The model it would replace, with its own copy of the prediction engine; null for none.</param>
    public static TrainedActionability Train(ActionabilityTraining training, LearningData data, ActionabilityModel? before)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(data);
        var stories = SyntheticIncidents.Alerts(training.Stories, SyntheticPart.Train, training.Seed);
        var test = SyntheticIncidents.Alerts(training.Stories / 4, SyntheticPart.Test, training.Seed + 2);
        var (learnt, held) = Split([.. data.Labels], training);
        var weight = learnt.Count == 0 ? 0 : Math.Min(MostPerLabel, stories.Count / learnt.Sum(label => label.Weight));
        ActionabilityFeatures[] examples = [.. stories, .. learnt.Select(label => new ActionabilityFeatures { Values = label.Features, Label = label.WasWorthIt, Weight = (float)(label.Weight * weight) })];
        var bytes = ActionabilityModel.Train(examples, training.Seed);
        var model = ActionabilityModel.Load(new MemoryStream(bytes), training.Version);
        var (onTest, onHeld) = (Told(test, model), Told(held, model));
        // A model that saw the journal is compared with what the journal holds; the shipped one with the stories it was trained on.
        var seen = data.Recent.Length > 0 ? [.. data.Recent] : SyntheticIncidents.Recent(training.Stories, training.Seed);
        var card = new ModelCard(
            new ModelVersion
            {
                Version = training.Version,
                Parent = before?.Version ?? "",
                TrainedAt = training.At,
                Seed = training.Seed,
                DataHash = Digest(examples),
                Split = SplitOf(training, learnt, held, weight),
                SyntheticExamples = stories.Count,
                JournalExamples = learnt.Count,
                Synthetic = FigureOf.All(onTest, training.DigestBelow),
                Journal = held.Count == 0 ? null : FigureOf.All(onHeld, training.DigestBelow),
                ParentOnJournal = held.Count == 0 || before is null ? null : FigureOf.All(Told(held, before), training.DigestBelow),
            },
            ActionabilityFeatures.Names,
            ModelReference.Of(seen, [.. seen.Select(model.Score)]));
        return new TrainedActionability(bytes, card, before is null ? "" : Refusal(card.Model, data, (onTest, Told(test, before)), training));
    }

    // By time and by incident: the latest incidents are kept, whole, so that no alert of a judged incident was learnt from.
    internal static (IReadOnlyList<LabelledAlert> Learnt, IReadOnlyList<LabelledAlert> Held) Split(IReadOnlyList<LabelledAlert> labels, ActionabilityTraining training)
    {
        var incidents = labels.GroupBy(label => label.IncidentId, StringComparer.Ordinal).OrderBy(group => group.Min(label => label.FiredAt)).ThenBy(group => group.Key, StringComparer.Ordinal).ToArray();
        var held = incidents.Skip(incidents.Length - (int)(incidents.Length * training.HeldOut)).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return ([.. labels.Where(label => !held.Contains(label.IncidentId))], [.. labels.Where(label => held.Contains(label.IncidentId))]);
    }

    private static string Refusal(
        ModelVersion made, LearningData data, (IReadOnlyList<(double Probability, bool Truth, double Weight)> New, IReadOnlyList<(double Probability, bool Truth, double Weight)> Old) test, ActionabilityTraining training)
    {
        var old = FigureOf.All(test.Old, training.DigestBelow);
        if (made.Synthetic.ActionableInDigest > old.ActionableInDigest + MostLost)
            return Say($"it would move {made.Synthetic.ActionableInDigest:P1} of the alerts of synthetic faults to the digest, {made.Parent} {old.ActionableInDigest:P1} of the same {made.Synthetic.Examples} examples");
        if (made.Version == ModelVersion.Shipped)
        {
            var differences = test.New.Zip(test.Old, (now, then) => FigureOf.LogLoss(now.Probability, now.Truth) - FigureOf.LogLoss(then.Probability, then.Truth)).ToArray();
            var mean = differences.Average();
            var error = Math.Sqrt(differences.Sum(one => (one - mean) * (one - mean)) / differences.Length / Math.Max(1, differences.Length - 1));
            return mean > Errors * error ? Say($"its log loss on {made.Synthetic.Examples} synthetic examples is {made.Synthetic.LogLoss}, {made.Parent}'s {old.LogLoss}") : "";
        }

        var incidents = data.Labels.Select(label => label.IncidentId).Distinct(StringComparer.Ordinal).Count();
        var kept = (int)(incidents * training.HeldOut);
        if (Math.Min(kept, incidents - kept) < training.LeastIncidents)
            return Say($"{incidents} labelled incidents leave {kept} to judge by; at least {training.LeastIncidents} are needed on either side: answer more questions");
        return made is { Journal: { } mine, ParentOnJournal: { } its } && mine.LogLoss > its.LogLoss
            ? Say($"on the {kept} latest labelled incidents, which it has not seen, its log loss is {mine.LogLoss}, {made.Parent}'s {its.LogLoss}")
            : "";
    }

    private static string SplitOf(ActionabilityTraining training, IReadOnlyList<LabelledAlert> learnt, IReadOnlyList<LabelledAlert> held, double weight) => Say(
        $"synthetic: {training.Stories} stories of seed {training.Seed} to learn from, {training.Stories / 4} of seed {training.Seed + 2} on other fleets to judge by; journal: {Incidents(learnt)} incidents with {learnt.Count} labelled alerts at {weight:0.##} each to learn from, the latest {Incidents(held)} with {held.Count} to judge by");

    private static int Incidents(IReadOnlyList<LabelledAlert> labels) => labels.Select(label => label.IncidentId).Distinct(StringComparer.Ordinal).Count();

    private static (double, bool, double)[] Told(IReadOnlyList<ActionabilityFeatures> examples, ActionabilityModel model) => [.. examples.Select(one => (model.Score(one.Values), one.Label, 1.0))];

    private static (double, bool, double)[] Told(IReadOnlyList<LabelledAlert> labels, ActionabilityModel model) => [.. labels.Select(one => (model.Score(one.Features), one.WasWorthIt, one.Weight))];

    private static string Digest(IReadOnlyList<ActionabilityFeatures> examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var example in examples)
        {
            hash.AppendData(MemoryMarshal.AsBytes(example.Values.AsSpan()));
            hash.AppendData(BitConverter.GetBytes(example.Label ? example.Weight : -example.Weight));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

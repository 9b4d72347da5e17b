using Observability.Model;

namespace Observability.Incidents;

/// <summary>Changes of rules, each with the counts that argue for it and its effect on the very firings that are remembered.</summary>
internal static class RuleSuggestions
{
    // Waits that people write into rules.
    private static readonly TimeSpan[] Waits = [.. ((int[])[1, 2, 5, 10, 15, 30]).Select(minutes => TimeSpan.FromMinutes(minutes))];

    /// <summary>What its standing and its incidents argue for.</summary>
    public static IEnumerable<RuleSuggestion> Standing(RuleFact rule, bool somebodyIsThere)
    {
        var noise = rule.Noise;
        if (noise.Standing?.Proposal is { } proposal)
            yield return new RuleSuggestion(noise.Rule, SuggestionKind.Demote, null, "into shadow, which waits for a person's word", proposal.Reason, Without(rule));
        else if (noise.IsNeverActioned && somebodyIsThere && noise.Standing is not { Standing: Model.Standing.Shadow })
        {
            yield return new RuleSuggestion(
                noise.Rule, SuggestionKind.Demote, null, rule.IsProtected ? "into shadow; it may wake somebody for broken hardware, so weigh it" : "into shadow",
                Text($"{noise.Fired} firings in {noise.Incidents} incidents, and nobody acknowledged, took, noted, judged or repaired any of them"), Without(rule));
        }
    }

    /// <summary>What the lengths of its firings, and the gaps between them, argue for. Only a rule of ours has these settings.</summary>
    public static IEnumerable<RuleSuggestion> Timing(RuleFact rule, IReadOnlyList<FiringFact> firings, DateTimeOffset now)
    {
        if (rule.Noise.Rule.Origin != AlertOrigin.Rule || firings.Count < NoiseFacts.Often)
            yield break;
        if (WaitLonger(rule, firings, now) is { } wait)
            yield return wait;
        if (KeepFiring(rule, firings) is { } keep)
            yield return keep;
    }

    /// <summary>What firing together argues for.</summary>
    public static RuleSuggestion Pair(RulePair pair)
    {
        var shares = Text($"{pair.FirstTogether} of its {pair.FirstFired} firings come with {pair.Second.Name} on the same entity");
        if (pair.SecondLeads)
        {
            return new RuleSuggestion(
                pair.First, SuggestionKind.Inhibit, pair.Second, $"inhibit it by {pair.Second.Name}",
                shares + Text($", which began first in {pair.SecondAhead}"), Text($"would have marked {pair.SecondAhead} of {pair.FirstFired} firings"));
        }

        return pair.IsMutual
            ? new RuleSuggestion(
                pair.First, SuggestionKind.Merge, pair.Second, $"merge it with {pair.Second.Name}",
                shares + Text($", and {pair.SecondTogether} of {pair.SecondFired} of that one with it"), Text($"would have spared {pair.FirstTogether} firings"))
            : new RuleSuggestion(
                pair.First, SuggestionKind.Merge, pair.Second, $"drop it or narrow it to what {pair.Second.Name} does not see", shares,
                Text($"{pair.FirstTogether} firings fewer, and {pair.FirstFired - pair.FirstTogether} that only it tells of"));
    }

    private static RuleSuggestion? WaitLonger(RuleFact rule, IReadOnlyList<FiringFact> firings, DateTimeOffset now)
    {
        var tried = Waits.Select(wait => (Wait: Minutes(wait), Away: firings.Where(firing => firing.EndsAt is not null && firing.Length(now) < wait).ToArray()))
            // Nothing that is known to have been right may be kept away, and a rule that would never have fired is no rule.
            .Where(one => one.Away.Length < firings.Count && !one.Away.Any(firing => firing.WasRight)).ToArray();
        var best = ((double[])[0.8, 0.5]).SelectMany(share => tried.Where(one => one.Away.Length >= share * firings.Count)).FirstOrDefault();
        if (best.Away is not { } away)
            return null;
        var (wait, others) = (best.Wait, firings.Count - away.Length);
        var delayed = firings.Except(away).Select(firing => firing.AloneIn).ToHashSet(StringComparer.Ordinal);
        var unopened = away.Select(firing => firing.AloneIn).Where(incident => incident.Length > 0 && !delayed.Contains(incident)).Distinct(StringComparer.Ordinal).Count();
        return new RuleSuggestion(
            rule.Noise.Rule, SuggestionKind.WaitLonger, null, $"`for:` longer by {wait}",
            Text($"{away.Length} of {firings.Count} firings were over within {wait}, and none of them is known to have been right"),
            Text($"would have kept {away.Length} of {firings.Count} away and delayed {others} by {wait}{(rule.IsProtected ? ", hardware faults maybe among them" : "")}; {unopened} incidents would not have been opened"));
    }

    private static RuleSuggestion? KeepFiring(RuleFact rule, IReadOnlyList<FiringFact> firings)
    {
        var gaps = firings.GroupBy(firing => firing.Fingerprint).SelectMany(group =>
        {
            FiringFact[] ordered = [.. group.OrderBy(firing => firing.StartsAt)];
            return ordered.Zip(ordered.Skip(1), (before, after) => after.StartsAt - (before.EndsAt ?? after.StartsAt));
        }).ToArray();
        foreach (var keep in Waits)
        {
            var joined = gaps.Count(gap => gap <= keep);
            if (joined < 0.5 * firings.Count)
                continue;
            return new RuleSuggestion(
                rule.Noise.Rule, SuggestionKind.KeepFiring, null, $"`keep_firing_for: {Minutes(keep)}`",
                Text($"{joined} of {firings.Count} firings began within {Minutes(keep)} of the end of the one before"),
                Text($"would have made {firings.Count - joined} firings of {firings.Count}, each said to be over up to {Minutes(keep)} later"));
        }

        return null;
    }

    private static string Without(RuleFact rule) =>
        Text($"would have opened {rule.AloneIn} of {rule.Noise.Incidents} incidents fewer and sent {rule.AlonePages} pages fewer; in the others it is not alone");

    private static string Minutes(TimeSpan span) => Text($"{span.TotalMinutes:0}m");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

using Observability.Model;

namespace Observability.Incidents;

/// <summary>Makes a noise report of what was copied for it.</summary>
internal static class NoiseReports
{
    public static NoiseReport Of(NoiseFacts facts)
    {
        var pairs = RulePairs.Of(facts.Firings);
        return facts.Totals with
        {
            Rules = [.. facts.Rules.Select(rule => rule.Noise).OrderByDescending(rule => rule.Fired).ThenBy(rule => rule.Rule)],
            Duplicates = [.. pairs],
            Suggestions =
            [
                .. facts.Rules.SelectMany(rule => RuleSuggestions.Standing(rule, facts.SomebodyIsThere)),
                .. facts.Firings.GroupBy(firing => firing.Rule).OrderByDescending(group => group.Count()).ThenBy(group => group.Key)
                    .SelectMany(group => RuleSuggestions.Timing(facts.Rules.First(rule => rule.Noise.Rule == group.Key), [.. group], facts.Totals.To)),
                // A rule is merged or inhibited once: with the one that is leading, or else likest to it.
                .. pairs.GroupBy(pair => pair.First).Select(group => RuleSuggestions.Pair(
                    group.OrderByDescending(pair => pair.SecondLeads).ThenByDescending(pair => (double)pair.SecondTogether / pair.SecondFired).ThenBy(pair => pair.SecondFired).First())),
            ],
        };
    }
}

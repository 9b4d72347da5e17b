using Observability.Model;

namespace Observability.Incidents;

/// <summary>Finds rules that fire together on the same entity.</summary>
internal static class RulePairs
{
    // Fewer firings than this on known entities may coincide by chance.
    private const int Least = 5;

    // What flaps on one entity for weeks says no more than its latest firings.
    private const int MostPerEntity = 200;

    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(2);

    /// <summary>Pairs whose first rule fires with the second at least nine times of ten; of pairs that say so both ways only one.</summary>
    public static IReadOnlyList<RulePair> Of(IReadOnlyList<FiringFact> firings)
    {
        var fired = new Dictionary<RuleId, int>();
        var together = new Dictionary<(RuleId First, RuleId Second), (int Count, int Ahead)>();
        foreach (var here in firings.Where(firing => firing.Entity is not null).GroupBy(firing => firing.Entity))
        {
            FiringFact[] recent = [.. here.OrderBy(firing => firing.StartsAt).TakeLast(MostPerEntity)];
            foreach (var firing in recent)
            {
                fired[firing.Rule] = fired.GetValueOrDefault(firing.Rule) + 1;
                foreach (var other in recent.Where(other => other.Rule != firing.Rule && AreTogether(firing, other)).GroupBy(other => other.Rule))
                {
                    var (count, ahead) = together.GetValueOrDefault((firing.Rule, other.Key));
                    together[(firing.Rule, other.Key)] = (count + 1, ahead + (other.Any(one => one.StartsAt < firing.StartsAt) ? 1 : 0));
                }
            }
        }

        return
        [
            .. together.Where(pair => fired[pair.Key.First] >= Least && fired[pair.Key.Second] >= Least)
                .Select(pair => new RulePair(
                    pair.Key.First, pair.Key.Second, fired[pair.Key.First], fired[pair.Key.Second], pair.Value.Count,
                    together.GetValueOrDefault((pair.Key.Second, pair.Key.First)).Count, pair.Value.Ahead))
                .Where(pair => pair.FirstTogether >= RulePair.Together * pair.FirstFired)
                // Said both ways, the one that follows comes first; where neither leads, the order of names decides.
                .Where(pair => !pair.IsMutual || Leads(pair, together) || (!Leads(Turned(pair, together), together) && pair.First < pair.Second))
                .OrderByDescending(pair => pair.FirstTogether).ThenBy(pair => pair.First).ThenBy(pair => pair.Second),
        ];
    }

    private static bool AreTogether(FiringFact one, FiringFact other) =>
        (one.StartsAt - other.StartsAt).Duration() <= Apart
        || (other.StartsAt <= one.StartsAt && (other.EndsAt is not { } end || end >= one.StartsAt))
        || (one.StartsAt <= other.StartsAt && (one.EndsAt is not { } ownEnd || ownEnd >= other.StartsAt));

    private static bool Leads(RulePair pair, Dictionary<(RuleId First, RuleId Second), (int Count, int Ahead)> together) =>
        pair.SecondLeads && !Turned(pair, together).SecondLeads;

    private static RulePair Turned(RulePair pair, Dictionary<(RuleId First, RuleId Second), (int Count, int Ahead)> together) => new(
        pair.Second, pair.First, pair.SecondFired, pair.FirstFired, pair.SecondTogether, pair.FirstTogether, together.GetValueOrDefault((pair.Second, pair.First)).Ahead);
}

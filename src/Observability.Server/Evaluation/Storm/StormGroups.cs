using Observability.Incidents;

namespace Observability.Server;

/// <summary>Ways to group the alerts of a storm: a number for each alert, the same for those of one group.</summary>
internal static class StormGroups
{
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(60);

    /// <summary>One group for each alert name.</summary>
    public static int[] ByName(IReadOnlyList<StormAlert> alerts)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. alerts.Select(one => NumberOf(names, one.Alert.Name))];
    }

    /// <summary>A new group after every minute without a new alert.</summary>
    public static int[] ByGap(IReadOnlyList<StormAlert> alerts)
    {
        var groups = new int[alerts.Count];
        for (var at = 1; at < alerts.Count; at++)
            groups[at] = groups[at - 1] + (alerts[at].At - alerts[at - 1].At > Gap ? 1 : 0);
        return groups;
    }

    /// <summary>As Alertmanager's example configuration does: one group for each alert name, from its first alert until none of it fires.</summary>
    public static int[] ByEpisode(IReadOnlyList<StormAlert> alerts)
    {
        var groups = new int[alerts.Count];
        var (open, next) = (new Dictionary<string, (int Group, DateTimeOffset Ends)>(StringComparer.Ordinal), 0);
        for (var at = 0; at < alerts.Count; at++)
        {
            var (name, ends) = (alerts[at].Alert.Name, alerts[at].EndsAt);
            var goesOn = open.TryGetValue(name, out var known) && known.Ends >= alerts[at].At;
            groups[at] = goesOn ? known.Group : next++;
            open[name] = (groups[at], goesOn && known.Ends > ends ? known.Ends : ends);
        }

        return groups;
    }

    /// <summary>
    /// The platform's own: the noise stages and the correlation, as <c>serve</c> runs them. What opened and joined no incident has a number
    /// below 0 of its own.
    /// </summary>
    /// <param name="storm">The storm, repeats included.</param>
    /// <param name="alerts">Those of its alerts that are no repeats of one that fires.</param>
    /// <param name="digested">How many of them opened and joined no incident.</param>
    public static int[] ByPlatform(SyntheticStorm storm, IReadOnlyList<StormAlert> alerts, out int digested)
    {
        var incidents = new StormPlay(storm).Run();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var alone = 0;
        var groups = alerts.Select(one => incidents.TryGetValue(one, out var id) ? NumberOf(numbers, id) : -++alone).ToArray();
        digested = alone;
        return groups;
    }

    /// <summary>The alerts of a storm without those that repeat one that still fires.</summary>
    public static IReadOnlyList<StormAlert> Distinct(SyntheticStorm storm)
    {
        var ends = new Dictionary<ulong, DateTimeOffset>();
        var distinct = new List<StormAlert>();
        foreach (var one in storm.Alerts)
        {
            if (ends.TryGetValue(one.Alert.Fingerprint, out var known) && known > one.At)
                continue;
            ends[one.Alert.Fingerprint] = one.EndsAt;
            distinct.Add(one);
        }

        return distinct;
    }

    private static int NumberOf(Dictionary<string, int> numbers, string key) => numbers.TryGetValue(key, out var number) ? number : numbers[key] = numbers.Count;
}

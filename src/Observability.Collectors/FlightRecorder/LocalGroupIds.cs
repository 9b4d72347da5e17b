using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// Finds the name of the group behind a rank's own group ids. Entries tell both. A rank without open entries tells neither; but a
/// group's name is a number that every rank counts up when a group is made, and the local id is counted up by those groups that the
/// rank is in: both ascend together, so that the n-th id is the n-th name.
/// </summary>
internal static class LocalGroupIds
{
    /// <summary>Names by local id, as far as they can be told.</summary>
    public static Dictionary<string, string> NamesOf(FlightRecorderDump dump)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in dump.Entries.Where(entry => entry.Group.Length > 0))
            names[entry.LocalGroupId] = entry.Group;
        if (Ascending(dump.Progress.Select(progress => progress.LocalId)) is not { } ids
            || Ascending(dump.Groups.Select(group => group.Name)) is not { } groups || ids.Count != groups.Count)
        {
            return names;
        }

        var paired = ids.Zip(groups).ToList();
        if (paired.Any(pair => names.TryGetValue(pair.First, out var known) && known != pair.Second))
            return names;
        foreach (var (id, group) in paired)
            names[id] = group;
        return names;
    }

    private static List<string>? Ascending(IEnumerable<string> ids)
    {
        var numbers = new SortedList<long, string>();
        foreach (var id in ids)
        {
            if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !numbers.TryAdd(number, id))
                return null;
        }

        return [.. numbers.Values];
    }
}

namespace Observability.Incidents;

/// <summary>
/// Remarks that nothing bore out when they came. One may come before the incident that it belongs to: an adapter loses packets some seconds
/// before anybody sees that its job is slow. They wait while they fire, and no longer than a cause may lie ahead of its symptoms.
/// </summary>
internal sealed class WaitingRemarks(TimeSpan patience)
{
    // A storm of remarks is its own story: past this many the newest are not kept.
    public const int Most = 10_000;

    private readonly Dictionary<ulong, JoinedAlert> _waiting = [];

    /// <summary>A remark waits.</summary>
    public void Add(JoinedAlert remark)
    {
        if (_waiting.Count < Most)
            _waiting[remark.Alert.Fingerprint] = remark;
    }

    /// <summary>It has ended.</summary>
    public void Remove(ulong fingerprint) => _waiting.Remove(fingerprint);

    /// <summary>
    /// The earliest that bears this one out; null where none does. Two nodes that lose packets on one leaf switch are rather the switch than two
    /// cables; it says nothing itself (facts/failures.md §5, gray loss).
    /// </summary>
    public JoinedAlert? WitnessOf(JoinedAlert remark, DateTimeOffset now) => !remark.IsLinkTrouble ? null
        : All(now).FirstOrDefault(other => other.IsLinkTrouble && other.Place.Leaf == remark.Place.Leaf && other.Place.Node != remark.Place.Node);

    /// <summary>Those that may still belong to something, in an order that does not depend on how they came.</summary>
    public IReadOnlyList<JoinedAlert> All(DateTimeOffset now)
    {
        foreach (var (key, _) in _waiting.Where(pair => now - pair.Value.Alert.StartsAt > patience).ToArray())
            _waiting.Remove(key);
        return [.. _waiting.Values.OrderBy(remark => remark.Alert.StartsAt).ThenBy(remark => remark.Alert.Fingerprint)];
    }
}

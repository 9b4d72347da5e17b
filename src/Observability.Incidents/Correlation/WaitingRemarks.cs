using Observability.Model;

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
    private readonly Dictionary<EntityId, List<JoinedAlert>> _byLeaf = [];

    /// <summary>A remark waits.</summary>
    public void Add(JoinedAlert remark)
    {
        if (_waiting.Count >= Most)
            return;
        Remove(remark.Alert.Fingerprint);
        _waiting[remark.Alert.Fingerprint] = remark;
        if (!remark.IsLinkTrouble || remark.Place.Leaf is not { } leaf)
            return;
        if (!_byLeaf.TryGetValue(leaf, out var here))
            _byLeaf[leaf] = here = [];
        here.Add(remark);
    }

    /// <summary>It has ended.</summary>
    public void Remove(ulong fingerprint)
    {
        if (!_waiting.Remove(fingerprint, out var remark) || remark.Place.Leaf is not { } leaf || !_byLeaf.TryGetValue(leaf, out var here))
            return;
        here.RemoveAll(one => one.Alert.Fingerprint == fingerprint);
        if (here.Count == 0)
            _byLeaf.Remove(leaf);
    }

    /// <summary>
    /// The earliest that bears this one out; null where none does. Two nodes that lose packets on one leaf switch are rather the switch than two
    /// cables; it says nothing itself (facts/failures.md §5, gray loss).
    /// </summary>
    public JoinedAlert? WitnessOf(JoinedAlert remark, DateTimeOffset now) =>
        !remark.IsLinkTrouble || remark.Place.Leaf is not { } leaf || !_byLeaf.TryGetValue(leaf, out var here) ? null
            : InOrder(here.Where(other => other.Place.Node != remark.Place.Node && !IsOld(other, now))).FirstOrDefault();

    /// <summary>Those that may still belong to something, in an order that does not depend on how they came.</summary>
    public IReadOnlyList<JoinedAlert> All(DateTimeOffset now)
    {
        foreach (var (key, _) in _waiting.Where(pair => IsOld(pair.Value, now)).ToArray())
            Remove(key);
        return [.. InOrder(_waiting.Values)];
    }

    private bool IsOld(JoinedAlert remark, DateTimeOffset now) => now - remark.Alert.StartsAt > patience;

    private static IEnumerable<JoinedAlert> InOrder(IEnumerable<JoinedAlert> remarks) =>
        remarks.OrderBy(remark => remark.Alert.StartsAt).ThenBy(remark => remark.Alert.Fingerprint);
}

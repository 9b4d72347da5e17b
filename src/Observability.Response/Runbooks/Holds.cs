using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Who keeps which node out of service. Holds are counted per node: it returns when the last one is gone. What was
/// released while others still held is remembered, so that the last one out also clears its mark from the node.
/// </summary>
internal sealed class Holds
{
    private const string Expired = " (expired)";

    private readonly SortedDictionary<string, Hold> _holds = new(StringComparer.Ordinal);
    private readonly Dictionary<EntityId, SortedSet<string>> _unmarked = [];

    public Hold? Find(string id) => _holds.GetValueOrDefault(id);

    public Hold? OtherOn(EntityId? node, string id) => _holds.Values.FirstOrDefault(hold => hold.Target == node && hold.Id != id);

    public bool TryTake(Hold hold) => _holds.TryAdd(hold.Id, hold);

    public Hold Release(Hold hold, DateTimeOffset now)
    {
        _holds.Remove(hold.Id);
        if (OtherOn(hold.Target, hold.Id) is null)
            _unmarked.Remove(hold.Target);
        else if (_unmarked.TryGetValue(hold.Target, out var marks))
            marks.Add(hold.Id);
        else
            _unmarked[hold.Target] = new SortedSet<string>([hold.Id], StringComparer.Ordinal);
        return hold with { ReleasedAt = now };
    }

    /// <summary>Executions whose marks on the node may go together with this one's.</summary>
    public string MarksOf(EntityId? node, string id) =>
        string.Join(',', (node is { } known ? _unmarked.GetValueOrDefault(known) ?? [] : []).Append(id).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Holds that have just run out. They are marked and stay: a node is never let go in silence.</summary>
    public IReadOnlyList<Hold> Expire(DateTimeOffset now)
    {
        var due = _holds.Values.Where(hold => hold.ExpiresAt <= now && !hold.Cause.EndsWith(Expired, StringComparison.Ordinal)).ToArray();
        return Array.ConvertAll(due, hold => _holds[hold.Id] = hold with { Cause = hold.Cause + Expired });
    }
}

namespace Observability.Collectors;

/// <summary>
/// The ranks that are held up: those that wait for somebody, and those inside an operation which all its members enqueued, where one of the
/// members is stuck, or held up elsewhere and so does not come to it. What holds up one rank holds up the next: a pipeline is a chain.
/// </summary>
internal sealed class HeldUp
{
    private readonly RecordedJob _job;
    private readonly IReadOnlySet<int> _stuck;
    private readonly HashSet<int> _held;
    private readonly Dictionary<RecordedGroup, int> _inGroup = [];
    private readonly Dictionary<(RecordedGroup Group, long Sequence), int> _atCollective = [];
    private readonly HashSet<RecordedGroup> _withStuck;

    /// <param name="job">The dumps.</param>
    /// <param name="stuck">Ranks that are stuck by themselves.</param>
    /// <param name="waiting">Ranks that wait for somebody.</param>
    public HeldUp(RecordedJob job, IReadOnlySet<int> stuck, IEnumerable<int> waiting)
    {
        (_job, _stuck, _held) = (job, stuck, [.. waiting]);
        _withStuck = [.. job.Groups.Where(group => group.Members.Exists(stuck.Contains))];
        for (var grown = true; grown;)
        {
            Count();
            var more = job.Ranks.Where(rank => !_held.Contains(rank) && !stuck.Contains(rank) && job.Heads[rank] is { } head && IsHeldIn(head)).ToList();
            _held.UnionWith(more);
            grown = more.Count > 0;
        }
    }

    /// <summary>True where the rank is held up by another one.</summary>
    public bool Contains(int rank) => _held.Contains(rank);

    // Counted by group, not asked member by member: a group may be the whole job.
    private void Count()
    {
        _atCollective.Clear();
        foreach (var group in _job.Groups)
            _inGroup[group] = group.Positions.Keys.Count(_held.Contains);
        foreach (var rank in _held)
        {
            if (_job.Heads.GetValueOrDefault(rank) is { IsCollective: true } head)
                _atCollective[(head.Group, head.Sequence)] = _atCollective.GetValueOrDefault((head.Group, head.Sequence)) + 1;
        }
    }

    private bool IsHeldIn(Head head) => head.IsCollective
        ? _withStuck.Contains(head.Group) || _inGroup.GetValueOrDefault(head.Group) > _atCollective.GetValueOrDefault((head.Group, head.Sequence))
        : head.Peers.Any(peer => _stuck.Contains(peer) || _held.Contains(peer));
}

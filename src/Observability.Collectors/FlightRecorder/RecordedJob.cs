namespace Observability.Collectors;

/// <summary>The dumps of a job laid side by side: groups joined by name, ranks by number.</summary>
internal sealed class RecordedJob
{
    private readonly SortedDictionary<int, FlightRecorderDump> _dumps = [];
    private readonly Dictionary<RecordedGroup, List<int>> _undumped = [];
    private readonly Dictionary<string, RecordedGroup> _groups = new(StringComparer.Ordinal);

    public RecordedJob(IEnumerable<FlightRecorderDump> dumps)
    {
        // Of two dumps of a rank the one that came further is the later one.
        foreach (var dump in dumps)
        {
            if (!_dumps.TryGetValue(dump.Rank, out var known) || Newest(dump) > Newest(known))
                _dumps[dump.Rank] = dump;
        }

        foreach (var dump in _dumps.Values)
            AddGroups(dump);
        foreach (var dump in _dumps.Values)
            AddPositions(dump);
        foreach (var (rank, _) in _dumps)
            Heads[rank] = HeadOf(rank);
    }

    /// <summary>Ranks that left a dump, ascending.</summary>
    public IEnumerable<int> Ranks => _dumps.Keys;

    /// <summary>The groups in the order of their names.</summary>
    public IEnumerable<RecordedGroup> Groups => _groups.Values.OrderBy(group => group.Name.Length).ThenBy(group => group.Name, StringComparer.Ordinal);

    /// <summary>What each rank waits in first, in its own order of enqueuing; null where it waits in nothing.</summary>
    public Dictionary<int, Head?> Heads { get; } = [];

    /// <summary>Whether the rank left a dump.</summary>
    public bool Has(int rank) => _dumps.ContainsKey(rank);

    /// <summary>What a rank enqueued and did not complete, in its own order.</summary>
    public IEnumerable<FlightRecorderEntry> Open(int rank) => _dumps[rank].Entries.Where(entry => !entry.IsCompleted);

    /// <summary>Members of a group that left no dump.</summary>
    public IReadOnlyList<int> Undumped(RecordedGroup group)
    {
        if (!_undumped.TryGetValue(group, out var missing))
            _undumped[group] = missing = [.. group.Members.Where(member => !Has(member))];
        return missing;
    }

    private static long Newest(FlightRecorderDump dump) => dump.Entries.Length == 0 ? 0 : dump.Entries.Max(entry => entry.CreatedNanoseconds);

    private RecordedGroup Group(string name)
    {
        if (!_groups.TryGetValue(name, out var group))
            _groups[name] = group = new RecordedGroup(name);
        return group;
    }

    private void AddGroups(FlightRecorderDump dump)
    {
        foreach (var stated in dump.Groups)
        {
            var group = Group(stated.Name);
            if (group.Description.Length == 0)
                group.Description = stated.Description;
            if (group.Members.Count == 0)
                group.Members.AddRange(stated.Ranks);
        }

        foreach (var entry in dump.Entries)
        {
            var group = Group(entry.Group);
            group.HasPointToPoint |= entry.IsPointToPoint;
            if (group.Description.Length == 0)
                group.Description = entry.GroupDescription;
        }
    }

    private void AddPositions(FlightRecorderDump dump)
    {
        foreach (var name in dump.Groups.Select(group => group.Name).Concat(dump.Entries.Select(entry => entry.Group)).Distinct(StringComparer.Ordinal))
        {
            var group = Group(name);
            group.Positions[dump.Rank] = new GroupPosition();
            if (!group.Members.Contains(dump.Rank))
                group.Members.Add(dump.Rank);
        }

        foreach (var entry in dump.Entries)
            Place(Group(entry.Group).Positions[dump.Rank], entry);
        var names = LocalGroupIds.NamesOf(dump);
        var counted = new HashSet<RecordedGroup>();
        foreach (var progress in dump.Progress)
        {
            if (!names.TryGetValue(progress.LocalId, out var name) || Group(name) is not { HasPointToPoint: false } group
                || !group.Positions.TryGetValue(dump.Rank, out var position))
            {
                continue;
            }

            counted.Add(group);
            position.Enqueued = Math.Max(position.Enqueued, progress.LastEnqueued);
            position.Completed = Math.Max(position.Completed, progress.LastCompleted);
        }

        foreach (var group in _groups.Values)
        {
            if (group.Positions.TryGetValue(dump.Rank, out var position))
                Settle(position, counted.Contains(group));
        }
    }

    private static void Place(GroupPosition position, FlightRecorderEntry entry)
    {
        // A send or receive carries the number of the last collective before it.
        position.Enqueued = Math.Max(position.Enqueued, entry.CollectiveSequence);
        if (entry.IsPointToPoint)
        {
            if (!entry.IsCompleted)
                position.PointToPoint.Add(entry);
            return;
        }

        position.Collectives.TryAdd(entry.CollectiveSequence, entry);
        if (entry.IsCompleted)
            position.Completed = Math.Max(position.Completed, entry.CollectiveSequence);
    }

    // A dump may hold open operations only: without an open one before it, everything enqueued was completed.
    private static void Settle(GroupPosition position, bool byProgress)
    {
        var open = position.Collectives.Values.FirstOrDefault(entry => !entry.IsCompleted && entry.CollectiveSequence > position.Completed);
        if (open is not null)
            position.Completed = Math.Max(position.Completed, open.CollectiveSequence - 1);
        else if (!byProgress || (position.Collectives.Count > 0 && position.Collectives.Keys.Last() == position.Enqueued))
            position.Completed = position.Enqueued;
    }

    private Head? HeadOf(int rank)
    {
        Head? first = null;
        foreach (var group in _groups.Values)
        {
            if (!group.Positions.TryGetValue(rank, out var position))
                continue;
            if (position.IsWaiting && (!group.HasPointToPoint || position.At(position.Completed + 1) is not null))
                first = Earlier(first, new Head(group, position.Completed + 1, position.At(position.Completed + 1)));
            if (position.PointToPoint.Count > 0)
                first = Earlier(first, new Head(group, position.PointToPoint[0].PointToPointSequence, position.PointToPoint[0]));
        }

        return first;
    }

    private static Head Earlier(Head? known, Head other) => known is null || other.Order < known.Order ? other : known;
}

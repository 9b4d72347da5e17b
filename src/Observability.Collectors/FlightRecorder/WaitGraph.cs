namespace Observability.Collectors;

/// <summary>
/// Who waits for whom. A rank waits for the members of its group that have not enqueued the operation it is in, and for the peer that has
/// not posted the other half of a send or receive. Ranks that others wait for and that wait for nobody are where a hang begins; all
/// others are victims, whatever they report.
/// </summary>
internal sealed class WaitGraph
{
    // Thousands that wait for thousands would be millions of edges; those furthest behind are where it began.
    private const int TargetLimit = 256;

    private readonly RecordedJob _job;
    private readonly IReadOnlySet<int> _stuck;
    private readonly Dictionary<int, HashSet<int>> _edges = [];
    private readonly Dictionary<int, Wait> _awaited = [];

    /// <param name="job">The dumps.</param>
    /// <param name="stuck">Ranks that are stuck by themselves and therefore wait for nobody.</param>
    /// <param name="any">Whether a rank waits for whoever is behind it at all, not only for those missing in its group's first open operation.</param>
    public WaitGraph(RecordedJob job, IReadOnlySet<int> stuck, bool any)
    {
        (_job, _stuck) = (job, stuck);
        foreach (var group in job.Groups)
        {
            foreach (var (rank, position) in group.Positions.Where(pair => !stuck.Contains(pair.Key)))
            {
                AddCollective(group, rank, position, any);
                AddPointToPoint(group, rank, position);
            }
        }

        foreach (var rank in job.Ranks.Where(rank => !stuck.Contains(rank) && !_edges.ContainsKey(rank)))
            AddUndumped(rank);
    }

    /// <summary>Where the waiting ends, as findings.</summary>
    public IEnumerable<FlightRecorderFinding> Origins()
    {
        var ends = _awaited.Keys.Where(rank => !_edges.ContainsKey(rank)).Order().ToList();
        var held = new HeldUp(_job, _stuck, _edges.Keys);
        var origins = ends.Where(rank => !held.Contains(rank)).ToList();
        if (ends.Count == 0)
            origins = Cycle();

        // Where one process is gone, those that left no dump either and are needed by somebody are gone with it; and where all that left a
        // dump are held up, only those that left none can hold them.
        if (_awaited.Count > 0 && (origins.Count == 0 || origins.Exists(rank => !_job.Has(rank))))
        {
            AddNeeded();
            origins = [.. origins.Union(_awaited.Keys.Where(rank => !_job.Has(rank))).Order()];
        }

        return origins.Select(rank => _awaited[rank].Finding(rank, _job));
    }

    private void AddCollective(RecordedGroup group, int rank, GroupPosition position, bool any)
    {
        var sequence = any ? position.Enqueued : position.Completed + 1;
        if (!position.IsWaiting || (group.HasPointToPoint && position.At(sequence) is null))
            return;
        foreach (var member in group.Behind(sequence).Take(TargetLimit))
            Add(rank, member, new Wait(group, sequence, position.At(sequence), rank));
    }

    private void AddPointToPoint(RecordedGroup group, int rank, GroupPosition position)
    {
        var unmet = new Dictionary<int, List<PointToPointCall>>();
        foreach (var entry in position.PointToPoint)
        {
            if (PointToPointCall.Of(entry) is not { } call || call.Peer >= group.Members.Count)
                continue;
            var peer = group.Members[call.Peer];
            if (!group.Positions.TryGetValue(peer, out var other))
                continue;
            if (!unmet.TryGetValue(peer, out var calls))
                unmet[peer] = calls = [.. other.PointToPoint.Select(PointToPointCall.Of).OfType<PointToPointCall>()];
            // Each half meets one half of the other side.
            if (calls.FindIndex(call.Meets) is >= 0 and var index)
                calls.RemoveAt(index);
            else
                Add(rank, peer, new Wait(group, entry.PointToPointSequence, entry, rank));
        }
    }

    // Of a rank without a dump nothing is known; it is only blamed for what its waiter is in first, where everybody else is there.
    private void AddUndumped(int rank)
    {
        if (_job.Heads[rank] is not { } head)
            return;
        var members = head.Entry is { IsPointToPoint: true } ? head.Peers : _job.Undumped(head.Group);
        foreach (var member in members.Where(member => !_job.Has(member)).Take(TargetLimit))
            Add(rank, member, new Wait(head.Group, head.Sequence, head.Entry, rank));
    }

    private void AddNeeded()
    {
        foreach (var group in _job.Groups.Where(group => _job.Undumped(group).Count > 0))
        {
            foreach (var (rank, position) in group.Positions.Where(pair => pair.Value.IsWaiting && !_stuck.Contains(pair.Key)))
            {
                foreach (var member in _job.Undumped(group).Take(TargetLimit))
                    Add(rank, member, new Wait(group, position.Completed + 1, position.At(position.Completed + 1), rank));
            }
        }
    }

    private void Add(int waiter, int awaited, Wait wait)
    {
        if (!_edges.TryGetValue(waiter, out var targets))
            _edges[waiter] = targets = [];
        targets.Add(awaited);
        if (!_awaited.TryGetValue(awaited, out var known))
            _awaited[awaited] = wait;
        else
            _awaited[awaited] = known.With(wait);
    }

    // Where all ranks that wait for each other form a ring, the one missing in the oldest open operation began it.
    private List<int> Cycle()
    {
        var oldest = _awaited.Where(pair => pair.Value.Created > 0).OrderBy(pair => pair.Value.Created).ThenBy(pair => pair.Key).Take(1);
        return [.. oldest.Select(pair => pair.Key)];
    }

    /// <summary>The oldest operation in which somebody waits for a rank.</summary>
    private sealed record Wait(RecordedGroup Group, long Sequence, FlightRecorderEntry? Entry, int Waiter)
    {
        private const int WaitersShown = 8;

        private readonly SortedSet<int> _waiters = [Waiter];

        public long Created => Entry?.CreatedNanoseconds ?? 0;

        public Wait With(Wait other)
        {
            var first = other.Created > 0 && (Created == 0 || other.Created < Created) ? other : this;
            var last = first == this ? other : this;
            first._waiters.UnionWith(last._waiters);
            return first;
        }

        public FlightRecorderFinding Finding(int rank, RecordedJob job)
        {
            var kind = !job.Has(rank) ? FlightRecorderKind.NoDump
                : Entry is { IsPointToPoint: true } ? FlightRecorderKind.PointToPoint : FlightRecorderKind.NotEnqueued;
            var what = Entry is { } entry ? $"{entry.Operation}, number {Sequence} of process group {Group}" : $"collective {Sequence} of process group {Group}";
            var waiters = string.Join(", ", _waiters.Take(WaitersShown)) + (_waiters.Count > WaitersShown ? $" and {_waiters.Count - WaitersShown} more" : "");
            var verb = kind switch
            {
                FlightRecorderKind.NoDump => "left no dump",
                FlightRecorderKind.PointToPoint => "did not post its half",
                _ => $"did not enqueue it; its last one is {Group.Positions[rank].Enqueued}",
            };
            return new FlightRecorderFinding(rank, kind, Group.ToString(), Sequence, $"rank {rank}: {waiters} waited in {what}; rank {rank} {verb}");
        }
    }
}

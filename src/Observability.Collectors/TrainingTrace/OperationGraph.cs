namespace Observability.Collectors;

/// <summary>
/// Who waits for whom among the operations of a trace, and how long each step takes for given durations. An operation is ready when all
/// it waits for has ended; a group (both halves of a transfer, all participants of a collective) begins when its last member is ready;
/// each member ends its own duration later. Nothing else takes time: the gaps in which the processor had not launched an operation yet
/// are left out.
/// </summary>
internal sealed class OperationGraph
{
    private readonly int[] _order;
    private readonly int[] _steps;
    private readonly int[] _firstMember;
    private readonly int[] _members;
    private readonly int[] _firstEdge;
    private readonly int[] _edges;
    private readonly int _stepCount;

    /// <param name="groups">The operations by group, each operation in exactly one.</param>
    /// <param name="waits">For each operation the operations that it waits for; may be null.</param>
    /// <param name="steps">The step of each operation, numbered from 0.</param>
    /// <param name="starts">When each operation really began; where a trace makes a ring, it is cut before the earliest.</param>
    public OperationGraph(IReadOnlyList<int[]> groups, IReadOnlyList<List<int>?> waits, int[] steps, double[] starts)
    {
        _steps = steps;
        _stepCount = steps.Length == 0 ? 0 : steps.Max() + 1;
        var groupOf = new int[waits.Count];
        for (var group = 0; group < groups.Count; group++)
        {
            foreach (var member in groups[group])
                groupOf[member] = group;
        }

        _order = Order(groups, waits, groupOf, starts, out var position);
        (_firstMember, _members) = Flat(groups.Count, group => groups[group]);
        (_firstEdge, _edges) = Flat(waits.Count, operation => (waits[operation] ?? []).Where(before =>
        {
            var kept = position[groupOf[before]] < position[groupOf[operation]];
            Cut += kept ? 0 : 1;
            return kept;
        }));
    }

    /// <summary>Edges left out because they closed a ring; more than a few say that the trace is not what it seems.</summary>
    public int Cut { get; private set; }

    /// <summary>How long each step takes, in the unit of the durations.</summary>
    /// <param name="durations">How long each operation takes once its group began.</param>
    public double[] StepTimes(ReadOnlySpan<double> durations)
    {
        var ends = new double[durations.Length];
        var times = new double[_stepCount];
        foreach (var group in _order)
        {
            var members = _members.AsSpan(_firstMember[group].._firstMember[group + 1]);
            var start = 0.0;
            foreach (var member in members)
            {
                foreach (var before in _edges.AsSpan(_firstEdge[member].._firstEdge[member + 1]))
                    start = Math.Max(start, ends[before]);
            }

            foreach (var member in members)
            {
                ends[member] = start + durations[member];
                times[_steps[member]] = Math.Max(times[_steps[member]], ends[member]);
            }
        }

        return times;
    }

    private static int[] Order(IReadOnlyList<int[]> groups, IReadOnlyList<List<int>?> waits, int[] groupOf, double[] starts, out int[] position)
    {
        var (missing, next) = (new int[groups.Count], new List<int>?[groups.Count]);
        for (var operation = 0; operation < waits.Count; operation++)
        {
            foreach (var before in waits[operation] ?? [])
            {
                missing[groupOf[operation]]++;
                (next[groupOf[before]] ??= []).Add(groupOf[operation]);
            }
        }

        var (order, ready) = (new List<int>(groups.Count), new Queue<int>());
        position = new int[groups.Count];
        Array.Fill(position, -1);
        for (var group = 0; group < groups.Count; group++)
        {
            if (missing[group] == 0)
                ready.Enqueue(group);
        }

        var byStart = Enumerable.Range(0, groups.Count).OrderBy(group => groups[group].Min(member => starts[member])).ToArray();
        for (var cursor = 0; order.Count < groups.Count;)
        {
            if (!ready.TryDequeue(out var group))
            {
                while (position[byStart[cursor]] >= 0)
                    cursor++;
                group = byStart[cursor];
            }

            if (position[group] >= 0)
                continue;
            position[group] = order.Count;
            order.Add(group);
            foreach (var after in next[group] ?? [])
            {
                if (--missing[after] == 0)
                    ready.Enqueue(after);
            }
        }

        return [.. order];
    }

    private static (int[] First, int[] Items) Flat(int count, Func<int, IEnumerable<int>> of)
    {
        var (first, items) = (new int[count + 1], new List<int>());
        for (var at = 0; at < count; at++)
        {
            items.AddRange(of(at));
            first[at + 1] = items.Count;
        }

        return (first, [.. items]);
    }
}

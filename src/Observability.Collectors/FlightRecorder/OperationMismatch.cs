namespace Observability.Collectors;

/// <summary>
/// Finds the rank that called something else than its group at the same place: another operation, element type or number of elements.
/// Only what did not complete everywhere is looked at, since a mismatch that completed held up nobody.
/// </summary>
internal static class OperationMismatch
{
    /// <summary>Findings of the first mismatch of each group.</summary>
    public static IEnumerable<FlightRecorderFinding> Find(RecordedJob job) =>
        job.Groups.SelectMany(group => FirstOf(job, group));

    private static IEnumerable<FlightRecorderFinding> FirstOf(RecordedJob job, RecordedGroup group)
    {
        var sequences = group.Positions.Values.Where(position => position.IsWaiting)
            .SelectMany(position => position.Collectives.Keys.Where(sequence => sequence > position.Completed))
            .Distinct().Order();
        foreach (var sequence in sequences)
        {
            var calls = CallsOf(group, sequence);
            foreach (var (kind, aspect) in Aspects)
            {
                var values = calls.Select(call => (call.Rank, Value: aspect(call.Entry))).ToList();
                if (values.Select(call => call.Value).Distinct(StringComparer.Ordinal).Count() < 2)
                    continue;
                var right = Right(values.Select(call => call.Value), Siblings(job, group, sequence).Select(aspect));
                return values.Where(call => call.Value != right).Select(call => new FlightRecorderFinding(
                    call.Rank, kind, group.ToString(), sequence,
                    $"rank {call.Rank} called {call.Value} as collective {sequence} of process group {group}, where "
                        + (right is null ? $"its peers called {Other(values, call.Value)}; no majority tells which is right" : $"the others called {right}")));
            }
        }

        return [];
    }

    private static readonly (FlightRecorderKind Kind, Func<FlightRecorderEntry, string> Value)[] Aspects =
    [
        (FlightRecorderKind.OperationMismatch, entry => entry.Operation),
        (FlightRecorderKind.TypeMismatch, entry => $"{entry.Operation} of {string.Join(',', entry.Types)}"),
        (FlightRecorderKind.SizeMismatch, Size),
    ];

    private static List<(int Rank, FlightRecorderEntry Entry)> CallsOf(RecordedGroup group, long sequence) =>
        [.. group.Positions.OrderBy(pair => pair.Key).Where(pair => pair.Value.At(sequence) is not null).Select(pair => (pair.Key, pair.Value.At(sequence)!))];

    // Groups of the same kind do the same work in the same order: where a pair of ranks disagrees they tell who is right.
    private static IEnumerable<FlightRecorderEntry> Siblings(RecordedJob job, RecordedGroup group, long sequence) =>
        group.Description.Length == 0
            ? []
            : job.Groups.Where(other => other != group && other.Description == group.Description)
                .SelectMany(other => CallsOf(other, sequence)).Select(call => call.Entry);

    private static string? Right(IEnumerable<string> own, IEnumerable<string> siblings) => Majority(own) ?? Majority(own.Distinct().Concat(siblings.Intersect(own)));

    private static string? Majority(IEnumerable<string> values)
    {
        var counts = values.GroupBy(value => value, StringComparer.Ordinal).OrderByDescending(same => same.Count()).Take(2).ToList();
        return counts.Count == 1 || counts[0].Count() > counts[1].Count() ? counts[0].Key : null;
    }

    private static string Other(List<(int Rank, string Value)> values, string own) => values.First(call => call.Value != own).Value;

    // Where the ranks may bring different amounts (all-to-all, scatter, gather, lists of tensors) only what must agree is compared.
    private static string Size(FlightRecorderEntry entry)
    {
        var name = entry.Operation;
        if (Says(name, "to_all") || Says(name, "alltoall") || Says(name, "coalesced"))
            return name;
        if (Says(name, "scatter") && !Says(name, "reduce_scatter") || Says(name, "gather") && !Says(name, "all_gather") && !Says(name, "allgather"))
            return name;
        if (name.EndsWith("all_gather", StringComparison.Ordinal))
            return $"{name} to {entry.OutputElements} elements";
        return name.EndsWith("reduce_scatter", StringComparison.Ordinal)
            ? $"{name} of {entry.InputElements} elements"
            : $"{name} of {entry.InputElements} to {entry.OutputElements} elements";
    }

    private static bool Says(string name, string word) => name.Contains(word, StringComparison.OrdinalIgnoreCase);
}

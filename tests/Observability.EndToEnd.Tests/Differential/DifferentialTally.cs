using Observability.Metrics;

namespace Observability.EndToEnd.Tests;

/// <summary>What became of the generated queries.</summary>
internal sealed class DifferentialTally(ITestOutputHelper output, IQueryEngine prometheus)
{
    private readonly List<string> _differences = [];
    private readonly SortedDictionary<string, int> _excluded = new(StringComparer.Ordinal);
    private int _first = int.MaxValue;
    private int _last;
    private int _empty;
    private int _refused;

    /// <summary>Queries that both answered alike, with something in the answer.</summary>
    public int Answered { get; private set; }

    /// <summary>The differences nobody has named yet.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Counts a query.</summary>
    public async Task AddAsync(GeneratedQuery query, QueryResult theirs, QueryResult ours)
    {
        (_first, _last) = (Math.Min(_first, query.Seed), Math.Max(_last, query.Seed));
        var difference = AnswerDifference.Find(theirs, ours);
        if (difference is not null && await KnownDifference.FindAsync(query, theirs, ours, prometheus) is { } known)
            _excluded[known] = _excluded.GetValueOrDefault(known) + 1;
        else if (difference is not null)
            _differences.Add($"{query}\n  {difference}\n  alone: PROMQL_SEED={query.Seed}");
        else if (theirs.Error is not null)
            _refused++;
        else if (theirs.Matrix.Count == 0)
            _empty++;
        else
            Answered++;
    }

    /// <summary>Writes the figures.</summary>
    public void Print(SimulatedHistory history)
    {
        output.WriteLine($"{history.Series.Count} series, {history.Series.Values.Sum(samples => (long)samples.Count)} samples");
        output.WriteLine($"seeds {_first} to {_last}: {Answered} answered alike, {_empty} empty on both, {_refused} refused by both, {_excluded.Values.Sum()} excluded, {_differences.Count} different");
        foreach (var (reason, count) in _excluded)
            output.WriteLine($"excluded {count}: {reason}");
        foreach (var difference in _differences)
            output.WriteLine(difference);
    }
}

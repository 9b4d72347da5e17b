using System.Text.RegularExpressions;

namespace Observability.Metrics.Tests;

/// <summary><c>expect range vector from 10s to 1m step 10s</c>: the times of the samples of a range vector.</summary>
internal sealed partial record ExpectedTimes(long From, long To, long Step)
{
    public static ExpectedTimes Parse(string line)
    {
        var match = Line.Match(line);
        if (!match.Success)
            throw new FormatException($"cannot read \"{line}\"; write: expect range vector from A to B step S");
        return new ExpectedTimes(Milliseconds("from"), Milliseconds("to"), Milliseconds("step"));

        long Milliseconds(string group) => (long)Math.Round(ScriptRunner.ParseSeconds(match.Groups[group].Value) * 1000);
    }

    /// <summary>What is wrong with the times, or null; the values are compared elsewhere.</summary>
    public string? Check(QueryResult result, IReadOnlyList<ScriptSeries> expected)
    {
        if (result.Kind != QueryResultKind.Matrix)
            return $"expected a range vector, got {result.Kind}";
        foreach (var series in expected)
        {
            var times = series.Values.Select((value, i) => (Value: value, Time: From + (i * Step))).Where(sample => sample.Value is not null).Select(sample => sample.Time).ToList();
            var actual = result.Matrix.FirstOrDefault(candidate => candidate.Labels.Equals(series.Labels))?.Samples.Select(sample => sample.UnixMilliseconds).ToList() ?? [];
            if (!actual.SequenceEqual(times))
                return $"expected {series.Labels} at [{string.Join(' ', times)}], got [{string.Join(' ', actual)}]";
            if (times.Count > 0 && times[^1] > To)
                return $"{series.Labels} has more values than fit until {To}";
        }

        return null;
    }

    [GeneratedRegex(@"^expect\s+range\s+vector\s+from\s+(?<from>\S+)\s+to\s+(?<to>\S+)\s+step\s+(?<step>\S+)$")]
    private static partial Regex Line { get; }
}

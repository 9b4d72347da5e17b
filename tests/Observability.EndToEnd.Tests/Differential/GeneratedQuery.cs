namespace Observability.EndToEnd.Tests;

/// <summary>A range query that a seed stands for.</summary>
internal sealed record GeneratedQuery(int Seed, string Expression, DateTimeOffset Start, DateTimeOffset End, TimeSpan Step)
{
    private static readonly int[] Steps = [5, 15, 30, 60, 95, 300];

    /// <summary>The query of a seed.</summary>
    public static GeneratedQuery Of(int seed, MetricCatalogue metrics, SimulatedHistory history)
    {
        var random = new Random(seed);
        var step = TimeSpan.FromSeconds(Steps[random.Next(Steps.Length)]);
        var length = step * random.Next(3, 40);
        var room = (history.End - history.Start) - length;
        var start = history.Start + (room > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Round(random.NextDouble() * room.TotalMilliseconds)) : TimeSpan.Zero);
        // Half of them on whole steps, where scrapes and edges of windows may coincide.
        if (random.Next(2) == 0)
            start = DateTimeOffset.FromUnixTimeSeconds(start.ToUnixTimeSeconds() / 15 * 15);
        return new GeneratedQuery(seed, new QueryGrammar(metrics, random, start, start + length).Query(), start, start + length, step);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Expression}\n  seed {Seed}, {Start:HH:mm:ss.fff} to {End:HH:mm:ss.fff} step {Step.TotalSeconds} s";
}

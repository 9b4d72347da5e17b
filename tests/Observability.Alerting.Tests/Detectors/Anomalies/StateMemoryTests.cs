namespace Observability.Alerting.Tests;

public sealed class StateMemoryTests
{
    [Theory]
    [InlineData(50, 12, 5)]
    [InlineData(7, 0, 1)]
    [InlineData(3, 4, 3)]
    [InlineData(1_000, 1, 2)]
    public void Distance_IsThatOfASlowSearchThroughTheSameRows(int rows, int gap, int neighbours)
    {
        var random = new Random(3);
        var memory = new StateMemory(rows, gap, neighbours);
        var seen = new List<double[]>();
        for (var row = 0; row < 300; row++)
        {
            var state = Enumerable.Range(0, RecentValues.Scales).Select(_ => random.NextDouble()).ToArray();
            var candidates = seen.Take(Math.Max(0, seen.Count - gap)).TakeLast(Math.Min(rows, Math.Max(0, seen.Count - gap))).ToArray();
            var expected = candidates.Length < neighbours
                ? double.NaN
                : candidates.Select(other => Math.Sqrt(other.Zip(state, (a, b) => (a - b) * (a - b)).Sum())).Order().Take(neighbours).Average();

            Assert.Equal(expected, memory.DistanceThenAdd(state), 1e-12);
            seen.Add(state);
        }
    }
}

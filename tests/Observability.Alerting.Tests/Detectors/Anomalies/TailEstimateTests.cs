namespace Observability.Alerting.Tests;

public sealed class TailEstimateTests
{
    private const double TailRatio = 0.02;

    [Fact]
    public void Surprise_IsThatOfASlowReferenceWithSortedValues()
    {
        var random = new Random(1);
        var tail = new TailEstimate(TailRatio);
        var seen = new List<double>();
        for (var row = 0; row < 1_500; row++)
        {
            var value = random.Next(10) == 0 ? 0 : Math.Pow(random.NextDouble(), -0.5);
            foreach (var asked in new[] { value, value * 1.7, value * 30 })
                Assert.Equal(Reference(seen, asked), tail.SurpriseOf(asked), 0.05);
            tail.Add(value);
            seen.Add(value);
        }
    }

    [Fact]
    public void BeyondTheRecord_FollowsThePowerLawOfTheTail()
    {
        // P(x > v) = v^-2: a value of 1000 comes once in a million rows, of which only ten thousand were seen.
        var random = new Random(2);
        var tail = new TailEstimate(TailRatio);
        for (var row = 0; row < 10_000; row++)
            tail.Add(Math.Pow(1 - random.NextDouble(), -0.5));

        Assert.Equal(6, tail.SurpriseOf(1_000), 0.6);
    }

    [Fact]
    public void Range_FarBeyondItsBins_IsHeldAtTheirNumber()
    {
        var tail = new TailEstimate(TailRatio);
        for (var row = 0; row < 500; row++)
            tail.Add(1 + (row % 7));
        tail.Add(1e-200);
        tail.Add(1e200);

        Assert.Equal(0, tail.SurpriseOf(1e-250), 0.01);
        Assert.Equal(-Math.Log10(2.0 / 503), tail.SurpriseOf(1e200), 0.05);
        Assert.Equal(0, tail.SurpriseOf(double.NaN));
    }

    [Fact]
    public void OldValues_FadeAfterFiftyThousand()
    {
        var tail = new TailEstimate(TailRatio);
        for (var row = 0; row < 50_000; row++)
            tail.Add(100);
        for (var row = 0; row < 150_000; row++)
            tail.Add(1);

        // Unfaded, a quarter of all rows would be at least this large.
        Assert.InRange(tail.SurpriseOf(100), -Math.Log10(0.1), -Math.Log10(0.003));
    }

    private static double Reference(List<double> seen, double value)
    {
        if (value <= 0 || seen.Count < 20)
            return 0;
        var sorted = seen.Order().ToArray();
        var above = sorted.Count(other => Bin(other) >= Bin(value));
        var whole = (int)Math.Max(5, seen.Count * TailRatio);
        var start = sorted[^(whole + 1)];
        if (above > whole || Bin(value) <= Bin(start) || start <= 0)
            return -Math.Log10((above + 1.0) / (seen.Count + 1));
        var spread = Math.Max(0.02, sorted[^whole..].Average(other => Math.Log(other / start)));
        return Math.Min(30, -Math.Log10((whole + 1.0) / (seen.Count + 1)) + (Math.Log(value / start) / spread / Math.Log(10)));
    }

    private static double Bin(double value) => value > 0 ? Math.Floor(Math.Log(value) / 0.02) : double.NegativeInfinity;
}

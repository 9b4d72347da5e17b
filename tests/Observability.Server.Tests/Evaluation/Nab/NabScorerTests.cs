namespace Observability.Server.Tests;

public sealed class NabScorerTests
{
    private static readonly NabProfile s_standard = NabProfile.All[0];

    // 40 rows, 6 of them probation; windows over the rows 10 to 14 and 30 to 33.
    private static NabCase Case(params (int Row, double Score)[] scores)
    {
        var rows = new double[40];
        foreach (var (row, score) in scores)
            rows[row] = score;
        return new NabCase("group/series.csv", [.. Enumerable.Range(0, 40).Select(row => (DateTimeOffset?)DateTimeOffset.UnixEpoch.AddMinutes(5 * row))], rows, [(10, 14), (30, 33)]);
    }

    // sigma(y) = 2 / (1 + e^5y) - 1 = -tanh(5y / 2)
    private static double Sigma(double y) => -Math.Tanh(2.5 * y);

    [Fact]
    public void FirstRowOfEveryWindow_AndNothingElse_IsPerfect()
    {
        var found = Case((10, 1), (30, 1));

        Assert.Equal(2, NabScorer.Raw(found, s_standard, 0.5), 12);
        Assert.All(NabProfile.All, profile => Assert.Equal(100, NabScorer.Score([found], profile, 0.5), 12));
    }

    [Fact]
    public void Nothing_IsZeroInEveryProfile() => Assert.All(NabProfile.All, profile => Assert.Equal(0, NabScorer.Score([Case()], profile, 0.5), 12));

    [Fact]
    public void LaterRow_IsWorthLess_AndTheBestOfAWindowCounts()
    {
        // Row 14 is the last of five: sigma(-1/5) / sigma(-1); row 12 is better: sigma(-3/5) / sigma(-1).
        Assert.Equal((Sigma(-0.2) / Sigma(-1)) - 1, NabScorer.Raw(Case((14, 1)), s_standard, 0.5), 12);
        Assert.Equal((Sigma(-0.6) / Sigma(-1)) - 1, NabScorer.Raw(Case((12, 1), (14, 1)), s_standard, 0.5), 12);
    }

    [Fact]
    public void FalseAlarm_CostsByItsDistanceFromTheWindowBefore()
    {
        Assert.Equal(-2 - 0.11, NabScorer.Raw(Case((8, 1)), s_standard, 0.5), 12); // No window before.
        Assert.Equal(-2 + (0.11 * Sigma(0.25)), NabScorer.Raw(Case((15, 1)), s_standard, 0.5), 12); // One row after a width of five: 1 / 4.
        Assert.Equal(-2 - 0.11, NabScorer.Raw(Case((28, 1)), s_standard, 0.5), 12); // 14 / 4 is more than three.
        Assert.Equal(-4 - 0.22, NabScorer.Raw(Case((8, 1), (28, 1)), NabProfile.All[2], 0.5), 12);
        Assert.Equal(-2 - 0.44, NabScorer.Raw(Case((8, 1), (28, 1)), NabProfile.All[1], 0.5), 12);
    }

    [Fact]
    public void WindowOfOneRow_HasNoNearOutside()
    {
        var one = Case((11, 1)) with { Windows = [(10, 10)] };

        Assert.Equal(-1 - 0.11, NabScorer.Raw(one, s_standard, 0.5), 12);
    }

    [Fact]
    public void Probation_IsNotScored_AndOnlyRowsAtTheThresholdOrAboveCount()
    {
        Assert.Equal(-2, NabScorer.Raw(Case((5, 1), (20, 0.49)), s_standard, 0.5), 12);
        Assert.Equal(-2.11, NabScorer.Raw(Case((6, 1)), s_standard, 0.5), 12);
        Assert.Equal(0, NabScorer.Raw(Case((10, 0.5), (30, 0.4)), s_standard, 0.5), 12);
        Assert.Equal(750, (Case() with { Scores = new double[20_000] }).Probation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void BestThreshold_IsThatOfASlowSearchOverAllScores(int seed)
    {
        var random = new Random(seed);
        NabCase[] cases = [.. Enumerable.Range(0, 4).Select(_ => Case([.. Enumerable.Range(0, 25).Select(_ => (random.Next(40), random.Next(12) / 12.0))]))];
        foreach (var profile in NabProfile.All)
        {
            var slow = cases.SelectMany(series => series.Scores).Where(score => score > 0).Append(2).Max(score => NabScorer.Score(cases, profile, score));

            Assert.Equal(slow, NabScorer.Score(cases, profile, NabScorer.BestThreshold(cases, profile)), 9);
        }
    }

    [Fact]
    public void Events_CountAlarmsWindowsAndDelay()
    {
        var events = NabEvents.Of(Case((3, 1), (8, 0.7), (12, 0.5), (13, 0.9), (31, 0.4)), 0.5);

        Assert.Equal((3, 2, 1, 2), (events.Alarms, events.Right, events.Found, events.Windows));
        Assert.Equal([2], events.DelayRows);
        Assert.Equal([TimeSpan.FromMinutes(10)], events.Delays);
        Assert.Equal(2.0 / 3, events.Precision, 12);
        Assert.Equal(0.5, events.Recall, 12);
        Assert.Equal(4.0 / 7, events.F1, 12);
    }

    [Fact]
    public void AveragePrecision_IsTheAreaUnderTheSteps()
    {
        // In falling order: right, wrong, right (the other window), then all other rows at once.
        var ranked = Case((12, 0.9), (20, 0.8), (31, 0.7));

        Assert.Equal((0.5 * 1) + (0.5 * 2 / 3), NabEvents.AveragePrecision([ranked], byRows: false), 12);
        Assert.Equal((1.0 / 9) + (1.0 / 9 * 2 / 3) + (7.0 / 9 * 9 / 34), NabEvents.AveragePrecision([ranked], byRows: true), 12);
        Assert.Equal(double.NaN, NabEvents.AveragePrecision([ranked with { Windows = [] }], byRows: true));
    }
}

using Observability.Incidents;

namespace Observability.Server.Tests;

public sealed class RankingTests
{
    private static readonly Dictionary<string, double> Scores = new(StringComparer.Ordinal) { ["a"] = 3, ["b"] = 2, ["c"] = 2, ["d"] = 1 };

    [Theory]
    [InlineData("a", 1, 1)]
    [InlineData("b", 1, 0)]
    [InlineData("b", 2, 0.5)]
    [InlineData("c", 3, 1)]
    [InlineData("d", 3, 0)]
    [InlineData("e", 3, 0)]
    public void Hit_CountsATieAsItsExpectedValue(string truth, int k, double expected) => Assert.Equal(expected, Ranking.Hit(Scores, truth, k));

    [Fact]
    public void Answer_HasCaseRankingAndWhyOfTheFirstThree()
    {
        var answer = Ranking.Answer("shop/7", [.. Enumerable.Range(0, 4).Select(at => new RankedNode($"n{at}", 4 - at, ["because"]))]);

        Assert.Equal(
            """{"case":"shop/7","ranking":[{"id":"n0","score":4,"evidence":["because"]},{"id":"n1","score":3,"evidence":["because"]},{"id":"n2","score":2,"evidence":["because"]},{"id":"n3","score":1}]}""",
            answer.ToJsonString());
        Assert.Equal(4, Ranking.Scores(answer)["n0"]);
    }

    [Fact]
    public void Grouping_PerfectAndUselessGroups()
    {
        string?[] truth = ["x", "x", "y", "y", null];

        Assert.Equal(new GroupingScore(1, 1, 1 - (3 / 5.0), 0), GroupingScore.Of<int>([0, 0, 1, 1, 2], truth) with { Nmi = 1 });
        var all = GroupingScore.Of<int>([0, 0, 0, 0, 0], truth);
        // Two of ten pairs belong together, all ten were put together: precision 0.2, recall 1.
        Assert.Equal((1 / 3.0, 0.0, 0.8, 0.5), (all.PairF1, Math.Round(all.Nmi, 9), all.Compression, all.Missed));
        Assert.Equal(1, GroupingScore.Of<int>([0, 0, 1, 1, 2], truth).Nmi, 9);
    }
}

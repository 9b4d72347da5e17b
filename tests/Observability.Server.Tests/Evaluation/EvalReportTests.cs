namespace Observability.Server.Tests;

public sealed class EvalReportTests
{
    [Fact]
    public void Bootstrap_CoversTheMeanOfWhereTheCasesCameFrom()
    {
        // Coin flips of a known coin: in 200 draws of 40 flips, about 95 % of the intervals must hold its true share.
        var random = new Random(7);
        var covered = Enumerable.Range(0, 200).Count(_ =>
        {
            var interval = Bootstrap.OfMean([.. Enumerable.Range(0, 40).Select(_ => random.NextDouble() < 0.3 ? 1.0 : 0.0)])!.Value;
            return interval.Low <= 0.3 && 0.3 <= interval.High;
        });

        Assert.InRange(covered, 178, 200);
    }

    [Fact]
    public void Bootstrap_IsTheSameEachTime_AndSaysNothingOfOneCase()
    {
        double[] values = [0, 1, 1, 0.5, 0.25];

        Assert.Equal(Bootstrap.OfMean(values), Bootstrap.OfMean(values));
        Assert.Null(Bootstrap.OfMean([1]));
    }

    [Fact]
    public void Bootstrap_LeavesOutDrawsWithoutAFigure()
    {
        // A precision over nobody named has no value; the interval is that of the draws that have one.
        var interval = Bootstrap.Of<int>([0, 0, 0, 1], drawn => drawn.Contains(1) ? 1 : double.NaN);

        Assert.Equal(new Interval(1, 1), interval);
    }

    [Fact]
    public void PageSection_IsAddedThenReplaced_AndTheRestStays()
    {
        var page = PageSection.Replace(PageSection.Replace("# Page\n\ntext\n", "one", "first\n"), "two", "second");

        Assert.Equal("# Page\n\ntext\n\n<!-- eval run: one -->\nfirst\n<!-- end of one -->\n\n<!-- eval run: two -->\nsecond\n<!-- end of two -->\n", page);
        Assert.Equal(page.Replace("first", "anew", StringComparison.Ordinal), PageSection.Replace(page, "one", "anew"));
        Assert.StartsWith("<!-- eval run: one -->", PageSection.AllOf(page), StringComparison.Ordinal);
        Assert.Equal("", PageSection.AllOf("# Page\n"));
    }

    [Fact]
    public void Report_SaysDataModelsFiguresAndIntervals()
    {
        var report = new EvalReport("kind", "some/path", new EvalData(3, new string('a', 64)), new EvalScore
        {
            Figures = [new EvalFigure("top1", 0.7512, new Interval(0.6, 0.9), 16, 0.05), new EvalFigure("delay_seconds", 123.44, null, 16)],
            Tables = [new EvalTable("By cell", ["cell", "top1"], [["low", "1"]])],
            Notes = ["Ties count as the expected value."],
            Models = new Dictionary<string, string> { ["root-cause"] = new string('b', 64) },
        }, 16, 1.234, 2.345);

        var text = report.ToMarkdown();

        Assert.Contains("`eval run --set kind some/path`: 16 cases; data SHA-256 `aaaaaaaaaaaaaaaa…` (3 files); models root-cause `bbbbbbbbbbbbbbbb…`.", text, StringComparison.Ordinal);
        Assert.Contains("| top1 | 0.751 | 0.6 to 0.9 | 16 | 0.05 |", text, StringComparison.Ordinal);
        Assert.Contains("| delay_seconds | 123.4 |  | 16 |  |", text, StringComparison.Ordinal);
        Assert.Contains("\nBy cell\n\n| cell | top1 |\n| --- | --- |\n| low | 1 |\n", text, StringComparison.Ordinal);
        Assert.Equal("0.9", report.ToJson()["figures"]![0]!["high"]!.ToJsonString());
    }

    [Fact]
    public void DataHash_ChangesWithNamesAndBytes()
    {
        var folder = Directory.CreateTempSubdirectory("eval-data-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "a"), "1");
            var first = EvalData.Of(folder);
            File.Move(Path.Combine(folder, "a"), Path.Combine(folder, "b"));
            var renamed = EvalData.Of(folder);
            File.WriteAllText(Path.Combine(folder, "b"), "2");

            Assert.Equal(1, first.Files);
            Assert.Equal(3, new[] { first, renamed, EvalData.Of(folder) }.Distinct().Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

using Observability.Model;

namespace Observability.Content.Tests;

public sealed class RuleTestFileReaderTests
{
    private static readonly string Shared = Testing.SharedData.Folder("promtool-unittests/cmd/promtool/testdata");

    [Fact]
    public void RuleTests_WithEverything_AreRead()
    {
        var read = RuleTestFileReader.Read(new ContentFile("t",
            """
            rule_files: ['*.rules.yaml']
            evaluation_interval: 10s
            fuzzy_compare: true
            group_eval_order: [b, a]
            tests:
              - name: one
                interval: 30s
                start_timestamp: 2026-03-01T12:00:00Z
                input_series:
                  - series: 'up{job="a", text=''it\''s "x"''}'
                    values: '1 _ stale'
                external_labels: {cluster: c}
                external_url: http://x
                alert_rule_test:
                  - eval_time: 5m
                    alertname: Down
                    exp_alerts: [{exp_labels: {job: a}, exp_annotations: {summary: s}}]
                promql_expr_test:
                  - expr: up
                    eval_time: 4m
                    exp_samples: [{labels: 'up{job="a"}', value: .inf}, {labels: '{}', value: 1e3}, {labels: '{"a.b", c="d"}', value: NaN}]
              - input_series: []
            """));

        Assert.Equal([], read.Findings);
        var file = read.Value!;
        Assert.Equal((TimeSpan.FromSeconds(10), true), (file.EvaluationInterval, file.FuzzyCompare));
        Assert.Equal(["*.rules.yaml"], file.RuleFiles);
        Assert.Equal(["b", "a"], file.GroupEvaluationOrder);
        var test = file.Tests[0];
        Assert.Equal(
            ("one", TimeSpan.FromSeconds(30), new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), "http://x", 6),
            (test.Name, test.Interval, test.Start, test.ExternalUrl, test.Source.Line));
        var series = Assert.Single(test.Series);
        Assert.Equal(LabelSet.Of(("__name__", "up"), ("job", "a"), ("text", "it's \"x\"")), series.Labels);
        Assert.Equal([1, null, StaleMarker.Value], series.Values);
        var alert = Assert.Single(test.Alerts);
        Assert.Equal((TimeSpan.FromMinutes(5), "Down"), (alert.At, alert.AlertName));
        Assert.Equal([new ExpectedAlert(LabelSet.Of(("job", "a")), LabelSet.Of(("summary", "s")))], alert.Alerts);
        var expression = Assert.Single(test.Expressions);
        Assert.Equal(
            [
                new ExpectedSample(LabelSet.Of(("__name__", "up"), ("job", "a")), double.PositiveInfinity),
                new ExpectedSample(LabelSet.Empty, 1000),
                new ExpectedSample(LabelSet.Of(("__name__", "a.b"), ("c", "d")), double.NaN),
            ],
            expression.Samples);
        Assert.Equal((TimeSpan.FromSeconds(10), DateTimeOffset.UnixEpoch), (file.Tests[1].Interval, file.Tests[1].Start));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("1 2 3", "1 2 3")]
    [InlineData("1+2x3", "1 3 5 7")]
    [InlineData("10-2x2", "10 8 6")]
    [InlineData("0x3", "0 0 0 0")]
    [InlineData("-1-1x1", "-1 -2")]
    [InlineData("-1+-1x1", null)]
    [InlineData("1e2+1e1x1", "100 110")]
    [InlineData("_ _x2 1x0 _x0", "_ _ _ 1")]
    [InlineData("NaN Inf -Inf +inf", "NaN Infinity -Infinity Infinity")]
    [InlineData(".5x1 5.", "0.5 0.5 5")]
    [InlineData("0.1+0.1x2", "0.1 0.2 0.30000000000000004")]
    [InlineData("stale 1", "stale 1")]
    [InlineData("1+1", null)]
    [InlineData("x3", null)]
    [InlineData("1x", null)]
    [InlineData("1x-1", null)]
    [InlineData("0x1000000", null)]
    [InlineData("_x1000001", null)]
    [InlineData("1x99999999999999999999", null)]
    public void SeriesValues_OfANotation_Expand(string notation, string? expected)
    {
        var values = SeriesValues.TryExpand(notation, out var error);

        Assert.Equal(expected, values is null ? null : string.Join(' ', values.Value.Select(Text)));
        Assert.Equal(expected is null, error.Length > 0);
    }

    [Fact]
    public void SharedUnitTests_OfPromtool_AreReadExceptHistograms()
    {
        var path = Path.Combine(Shared, "unittest.yml");
        Assert.SkipUnless(File.Exists(path), $"promtool's unit tests are not at {path}");

        var read = RuleTestFileReader.Read(new ContentFile("unittest.yml", File.ReadAllText(path)));

        Assert.All(read.Findings, finding => Assert.Contains("histogram", finding.Message, StringComparison.Ordinal));
        Assert.NotEmpty(read.Value!.Tests);
    }

    private static string Text(double? value) => value switch
    {
        null => "_",
        { } stale when StaleMarker.Is(stale) => "stale",
        { } number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}

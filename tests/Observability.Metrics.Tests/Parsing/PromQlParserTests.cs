namespace Observability.Metrics.Tests;

public sealed class PromQlParserTests
{
    [Theory]
    [InlineData("sum by() (x)", "sum(x)")]
    [InlineData("sum without() (x)", "sum without () (x)")]
    [InlineData("SUM(x) BY (a,b,)", "sum by (a, b) (x)")]
    [InlineData("a - on(b) group_left c", "a - on (b) group_left () c")]
    [InlineData("a - ignoring() c", "a - c")]
    [InlineData("a - ignoring() group_left() c", "a - ignoring () group_left () c")]
    [InlineData("a @ 10", "a @ 10.000")]
    [InlineData("a[5m] offset -1h30m @ end()", "a[5m] @ end() offset -1h30m")]
    [InlineData("sum by(\"foo.bar\") (x)", "sum by (\"foo.bar\") (x)")]
    [InlineData("{\"_0\"=\"1\"}", "{_0=\"1\"}")]
    [InlineData("{__name__=\"a\"}", "{__name__=\"a\"}")]
    [InlineData("{\"my.metric\", node!~'n.*'}", "{\"my.metric\", node!~\"n.*\"}")]
    [InlineData("1_000 + 0x1F", "1000 + 31")]
    [InlineData("up[300]", "up[5m]")]
    [InlineData("up[5m * 2] offset (1h / 2)", "up[10m] offset 30m")]
    [InlineData("rate(x[5m])[1h:] # hourly", "rate(x[5m])[1h:]")]
    [InlineData("-a ^ 2 * 3", "-a ^ 2 * 3")]
    [InlineData("a == bool on(x) b", "a == bool on (x) b")]
    [InlineData("sum", "sum")]
    [InlineData("label_replace(a, 'b', `\\1`, \"c\", 'd\\n')", "label_replace(a, \"b\", \"\\\\1\", \"c\", \"d\\n\")")]
    [InlineData("NaN + inf - 1h", "NaN + +Inf - 3600")]
    public void Parse_ValidQuery_PrintsLikePrometheus(string query, string printed)
    {
        var outcome = PromQlParser.Parse(query);
        Assert.Null(outcome.Error);
        Assert.Equal(printed, outcome.Expression!.ToString());
        Assert.Equal(printed, PromQlParser.Parse(printed).Expression?.ToString());
    }

    [Theory]
    [InlineData("", "1:1: parse error: no expression found in input")]
    [InlineData("# only a comment", "1:17: parse error: no expression found in input")]
    [InlineData("1 and 2", "1:1: parse error: set operator \"and\" not allowed in binary scalar expression")]
    [InlineData("1 == 1", "1:1: parse error: comparisons between scalars must use BOOL modifier")]
    [InlineData("a + bool b", "1:1: parse error: bool modifier can only be used on comparison operators")]
    [InlineData("{a=~'.*'}", "1:1: parse error: vector selector must contain at least one non-empty matcher")]
    [InlineData("a and on(x) group_left b", "1:13: parse error: no grouping allowed for \"and\" operation")]
    [InlineData("(a)[5m]", "1:4: parse error: ranges only allowed for vector selectors")]
    [InlineData("a offset 5m [5m]", "1:13: parse error: no offset modifiers allowed before range")]
    [InlineData("a @ 5 [5m]", "1:7: parse error: no @ modifiers allowed before range")]
    [InlineData("a[5m][5m:1m]", "1:1: parse error: subquery is only allowed on instant vector, got matrix instead")]
    [InlineData("a + on(x) group_left(x) b", "1:11: parse error: label \"x\" must not occur in ON and GROUP clause at once")]
    [InlineData("floor(a, 1)", "1:1: parse error: expected 1 argument(s) in call to \"floor\", got 2")]
    [InlineData("sum(\n  rate(a))", "2:8: parse error: expected type range vector in call to function \"rate\", got instant vector")]
    [InlineData("foo(a)", "1:1: parse error: unknown function with name \"foo\"")]
    [InlineData("foo{\"bar\"}", "1:5: parse error: metric name must not be set twice: \"foo\" or \"bar\"")]
    [InlineData("a[0s]", "1:3: parse error: duration must be greater than 0")]
    [InlineData("a[1.5h]", "1:3: parse error: bad number or duration syntax: \"1.5h\"")]
    [InlineData("'abc", "1:1: parse error: unterminated quoted string")]
    [InlineData("`abc", "1:1: parse error: unterminated raw string")]
    [InlineData("(a", "1:3: parse error: unclosed left parenthesis")]
    [InlineData("a)", "1:2: parse error: unexpected right parenthesis ')'")]
    [InlineData("a +", "1:4: parse error: unexpected end of input")]
    [InlineData("a ! b", "1:3: parse error: unexpected character: '!'")]
    [InlineData("sum(a, b)", "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 1, got 2")]
    [InlineData("rate(a[5m]) offset 5m", "1:13: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery")]
    [InlineData("limitk(1, a)", "1:1: parse error: limitk() is experimental and is not enabled")]
    public void Parse_InvalidQuery_SaysWhereAndWhy(string query, string error) =>
        Assert.Equal(new ParseOutcome(null, error), PromQlParser.Parse(query));

    [Fact]
    public void Parse_BadPattern_IsAnErrorAtThePattern()
    {
        var outcome = PromQlParser.Parse("a{b=~\"(\"}");
        Assert.StartsWith("1:6: parse error: error parsing regexp:", outcome.Error);
    }

    [Fact]
    public void Parse_NestedBeyondTheLimit_IsRefusedWithoutOverflow()
    {
        var query = new string('(', 100_000) + "a" + new string(')', 100_000);
        Assert.Equal("1:201: parse error: query nests deeper than 200 levels", PromQlParser.Parse(query).Error);
    }

    [Theory]
    [InlineData("a", " + a")]
    [InlineData("a", "[5m:1m]")]
    public void Parse_ChainedBeyondTheLimit_IsRefusedWithoutOverflow(string head, string link)
    {
        var query = head + string.Concat(Enumerable.Repeat(link, 20_000));
        Assert.EndsWith("parse error: query chains more than 500 operators and modifiers", PromQlParser.Parse(query).Error);
    }

    [Fact]
    public void ParseSelector_NotASelector_IsRefused()
    {
        Assert.Equal("up{job=\"node\"}", PromQlParser.ParseSelector("up{job='node'}").Expression!.ToString());
        Assert.NotNull(PromQlParser.ParseSelector("up offset 5m").Error);
        Assert.NotNull(PromQlParser.ParseSelector("sum(up)").Error);
    }

    [Theory]
    [InlineData("1y2w3d4h5m6s7ms", 33_019_506_007L, "382d4h5m6s7ms")]
    [InlineData("90m", 5_400_000L, "1h30m")]
    [InlineData("14d", 1_209_600_000L, "2w")]
    public void Duration_OfEveryUnit_ReadsAndPrints(string text, long milliseconds, string printed)
    {
        Assert.True(PromQlDuration.TryParse(text, out var duration));
        Assert.Equal(milliseconds, (long)duration.TotalMilliseconds);
        Assert.Equal(printed, PromQlDuration.Format(duration));
    }

    [Theory]
    [InlineData("1m1h")]
    [InlineData("1h1h")]
    [InlineData("5")]
    [InlineData("h")]
    [InlineData("300y")]
    public void Duration_Malformed_IsRefused(string text) => Assert.False(PromQlDuration.TryParse(text, out _));
}

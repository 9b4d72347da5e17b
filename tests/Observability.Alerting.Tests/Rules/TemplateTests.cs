using Observability.Metrics;
using static Observability.Alerting.Tests.World;

namespace Observability.Alerting.Tests;

public sealed class TemplateTests
{
    // The expected texts were checked against promtool 2.42.
    [Theory]
    [InlineData(1234567, "1.234567e+06 1.23e+06 %!s(float64=1.234567e+06) %!d(float64=1.234567e+06) 1234567.0|ab    |1234567.00 \"a\\\"b\" 1.234567e+06")]
    [InlineData(0.00001234, "1.234e-05 1.23e-05 %!s(float64=1.234e-05) %!d(float64=1.234e-05)   0.0|ab    |000.00 \"a\\\"b\" 1.234000e-05")]
    [InlineData(3725.5, "3725.5 3.73e+03 %!s(float64=3725.5) %!d(float64=3725.5) 3725.5|ab    |3725.50 \"a\\\"b\" 3.725500e+03")]
    [InlineData(123456789012345678901234d, "1.2345678901234569e+23 1.23e+23 %!s(float64=1.2345678901234569e+23) %!d(float64=1.2345678901234569e+23) 123456789012345685803008.0|ab    |123456789012345685803008.00 \"a\\\"b\" 1.234568e+23")]
    [InlineData(0.25, "0.25 0.25 %!s(float64=0.25) %!d(float64=0.25)   0.2|ab    |000.25 \"a\\\"b\" 2.500000e-01")]
    [InlineData(21, "21 21 %!s(float64=21) %!d(float64=21)  21.0|ab    |021.00 \"a\\\"b\" 2.100000e+01")]
    public async Task Printf_EveryVerb_PrintsAsGo(double value, string expected) =>
        Assert.Equal(expected, await ExpandAsync("{{ printf \"%v %.3g %s %d %5.1f|%-6s|%06.2f %q %e\" $value $value $value $value $value \"ab\" $value \"a\\\"b\" $value }}", value));

    [Theory]
    [InlineData(1234567, "1.235M 1.177Mi 14d 6h 56m 7s 1.235e+08%")]
    [InlineData(0.00001234, "12.34u 1.234e-05 12.34us 0.001234%")]
    [InlineData(3725.5, "3.725k 3.638ki 1h 2m 5s 3.726e+05%")]
    [InlineData(0.25, "250m 0.25 250ms 25%")]
    [InlineData(21, "21 21 21s 2100%")]
    [InlineData(0, "0 0 0s 0%")]
    [InlineData(-90, "-90 -90 -1m 30s -9000%")]
    [InlineData(double.PositiveInfinity, "+Inf +Inf +Inf +Inf%")]
    public async Task Humanize_Number_PrintsAsPrometheus(double value, string expected) =>
        Assert.Equal(expected, await ExpandAsync("{{ humanize $value }} {{ humanize1024 $value }} {{ humanizeDuration $value }} {{ humanizePercentage $value }}", value));

    [Theory]
    [InlineData("{{ $labels }}", "map[__name__:x n:1]")]
    [InlineData("{{ $labels.none }}|{{ $labels.n }}|{{ .Labels.n }}|{{ .Value }}", "|1|1|2")]
    [InlineData("{{ if gt $value 5.0 }}big{{ else if eq $labels.n \"1\" }}one{{ else }}else{{ end }}", "one")]
    [InlineData("a {{- \" t \" -}}  z {{/* }} gone */}}!", "a t z !")]
    [InlineData("{{ title \"hello world\" }} {{ \"host:9100\" | stripPort }} {{ reReplaceAll \"a(.)\" \"<$1>\" \"abac\" }}", "Hello World host <b><c>")]
    [InlineData("{{ 5 }} {{ len $labels }} {{ humanizeTimestamp 1700000000.5 }}", "5 2 2023-11-14 22:13:20.5 +0000 UTC")]
    [InlineData("{{ $x := toUpper $labels.n }}{{ $x }}{{ range $i, $e := query \"q\" }}{{ $i }}:{{ $e.Labels.k }}={{ .Value }};{{ end }}", "10:b=3;1:a=4;")]
    [InlineData("{{ with query \"q\" }}{{ . | first | value | printf \"%.1f\" }} {{ . | sortByLabel \"k\" | first | label \"k\" }}{{ end }}", "3.0 a")]
    [InlineData("{{ range query \"none\" }}x{{ else }}nothing{{ end }}", "nothing")]
    [InlineData("{{ and 1 0 }} {{ or \"\" \"x\" }} {{ not true }} {{ ne 1 2 }} {{ le 2.0 $value }} {{ index $labels \"n\" }}", "0 x false true true 1")]
    [InlineData("{{ $externalLabels.site }} {{ externalURL }} {{ parseDuration \"1h30m\" }} {{ \"a.b:80\" | stripDomain }} {{ match \"a+\" \"baa\" }}", "lab http://x/p 5400 a:80 true")]
    [InlineData("{{ `raw \"}}` }}", "raw \"}}")]
    [InlineData("{{ define \"t\" }}{{ .arg0 }}-{{ .arg1 }}{{ end }}{{ template \"t\" (args $labels.n 99) }}", "1-99")]
    [InlineData("{{ define \"t\" }}<{{ . }}>{{ end }}{{ tmpl \"t\" $value | toUpper | safeHtml }}", "<2>")]
    [InlineData("{{ block \"b\" $value }}[{{ . | humanize }}]{{ end }}{{ template \"b\" 1500.0 }}", "[2][1.5k]")]
    [InlineData("{{ define \"t\" }}{{ range . }}{{ if eq .Value 4.0 }}{{ break }}{{ end }}{{ .Value }};{{ end }}{{ end }}{{ template \"t\" (query \"q\") }}", "3;")]
    [InlineData("{{ range query \"q\" }}{{ if eq .Value 3.0 }}{{ continue }}{{ end }}{{ .Value }};{{ end }}", "4;")]
    [InlineData("{{ 'a' }} {{ '\\n' }} {{ print 1 2 \"a\" \"b\" 3 4 }} {{ printf \"%.3f\" 5 }}", "97 10 1 2ab3 4 %!f(int=005)")]
    [InlineData("{{ with args 1 }}{{ .arg7 }}{{ end }}", "<no value>")]
    [InlineData("{{ graphLink \"up > 0\" }} {{ tableLink \"a{b=\\\"c\\\"}\" }} {{ urlQueryEscape \"a b/c\" }}", "/graph?g0.expr=up+%3E+0&g0.tab=0 /graph?g0.expr=a%7Bb%3D%22c%22%7D&g0.tab=1 a+b%2Fc")]
    [InlineData("{{ if match \"[0-9]+$\" \"1234a\" }}WRONG{{ end }}{{ stripPort \"[::1]:6006\" }} {{ stripPort \"[::1]\" }} {{ stripDomain \"10.1.2.3:80\" }} {{ stripDomain \"a.b.c\" }}", "::1 [::1] 10.1.2.3:80 a")]
    [InlineData("{{ title \"this-part of_it\" }} {{ reReplaceAll \"(?P<x>b+)\" \"<${x}$1$1y$$>\" \"abbc\" }}", "This-Part Of_it a<bbbb$>c")]
    [InlineData("{{ parseDuration \"1h30m\" | humanizeDuration }} {{ toDuration 5400.5 }} {{ toDuration 0.25 }} {{ toDuration 90 | humanizeDuration }}", "1h 30m 0s 1h30m0.5s 250ms 1m 30s")]
    [InlineData("{{ (toTime 1700000000.5).Year }} {{ (1700000000 | toTime).Format \"Mon 2 Jan 2006 15:04:05 MST\" }} {{ toTime 1700000000.1239 }}", "2023 Tue 14 Nov 2023 22:13:20 UTC 2023-11-14 22:13:20.123 +0000 UTC")]
    [InlineData("{{ and false (first (query \"none\")) }} {{ or $labels.n (first (query \"none\")) }}", "false 1")]
    [InlineData("{{ html \"<a&'b'>\" }} {{ slice \"hello\" 1 3 }} {{ len \"é\" }}", "&lt;a&amp;&#39;b&#39;&gt; el 2")]
    public async Task Template_RuleFileConstructs_Expand(string template, string expected) =>
        Assert.Equal(expected, await ExpandAsync(template, 2));

    [Theory]
    [InlineData("a\n{{ $nope }}", "line 2: undefined variable $nope")]
    [InlineData("{{ nosuch 1 }}", "line 1: function \"nosuch\" not defined")]
    [InlineData("{{ if true }}x", "line 1: {{if}} has no {{end}}")]
    [InlineData("x {{ end }}", "line 1: unexpected {{end}}")]
    [InlineData("{{ $value", "line 1: unclosed action, expected }}")]
    [InlineData("{{ \"a }}", "line 1: unclosed action, expected }}")]
    [InlineData("{{ template x }}", "line 1: a template's name must be a quoted text, is 'x'")]
    [InlineData("{{ define \"x\" }}", "line 1: template \"x\" has no {{end}}")]
    [InlineData("{{ define \"x\" }}{{ $labels.a }}{{ end }}", "line 1: undefined variable $labels")]
    [InlineData("{{ 'ab' }}", "line 1: unterminated character constant in action {{'ab'}}")]
    [InlineData("{{ break }}", "line 1: {{break}} outside {{range}}")]
    [InlineData("{{ (humanize 1 }}", "line 1: unclosed left parenthesis in {{(humanize 1}}")]
    [InlineData("{{ }}", "line 1: missing value in {{}}")]
    [InlineData("{{ 1 2 }}", "line 1: can't give argument to non-function in {{1 2}}")]
    [InlineData("{{ 1 ~ }}", "line 1: unexpected '~' in action {{1 ~}}")]
    public void Parse_BadTemplate_SaysWhereAndWhat(string template, string expected) =>
        Assert.Equal(expected, Assert.Throws<TemplateException>(() => Template.Parse(template)).Message);

    [Theory]
    [InlineData("{{ humanizeTimestamp 1e11 }}", "1e+11 cannot be represented as a nanoseconds timestamp since it overflows int64")]
    [InlineData("{{ template \"x\" }}", "line 1: template \"x\" not defined")]
    [InlineData("{{ define \"x\" }}{{ template \"x\" . }}{{ end }}{{ template \"x\" . }}", "line 1: template \"x\" calls itself more than 100 times")]
    [InlineData("{{ query \"none\" | first }}", "line 1: error calling first: first() called on vector with no elements")]
    [InlineData("{{ query \"bad\" }}", "line 1: error calling query: query bad: 1:1: parse error")]
    [InlineData("{{ humanize \"x\" }}", "line 1: error calling humanize: can't convert x to float")]
    [InlineData("{{ gt $value 5 }}", "line 1: error calling gt: incompatible types for comparison: 2 and 5; write whole numbers as 5.0 beside a float")]
    [InlineData("{{ $value.x }}", "line 1: can't read field x of 2")]
    [InlineData("{{ range $value }}{{ end }}", "line 1: range can't iterate over 2")]
    [InlineData("{{ match \"(\" \"x\" }}", "line 1: error calling match: bad pattern \"(\": Invalid pattern '(' at offset 1. Not enough )'s.")]
    public async Task Expand_BadValue_SaysWhereAndWhat(string template, string expected) =>
        Assert.Equal(expected, (await Assert.ThrowsAsync<TemplateException>(() => ExpandAsync(template, 2))).Message);

    private static Task<string> ExpandAsync(string template, double value)
    {
        var engine = new ScriptedEngine();
        engine.Answer("q", (Labels(("k", "b")), 3), (Labels(("k", "a")), 4));
        engine.Answer("bad", QueryResult.Failed("bad_data", "1:1: parse error"));
        var scope = new TemplateScope(Labels(("__name__", "x"), ("n", "1")), value)
        {
            Engine = engine,
            At = T0,
            ExternalLabels = Labels(("site", "lab")),
            ExternalUrl = "http://x/p",
        };
        return Template.Parse(template).ExpandAsync(scope, CancellationToken.None).AsTask();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Alerting;
using Observability.Content;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Server.Tests;

/// <summary>Every template function over numbers and texts of many kinds: what we print is written down as a unit test, and promtool must find the same.</summary>
public sealed class TemplatesBesidePromtoolTests
{
    private const string Promtool = "/usr/bin/promtool";

    // What promtool's own notation of values takes.
    private static readonly string[] Values =
        ["0", "1", "1.5", "-90", "999.95", "1023.9", "1024", "1234567", "0.00001234", "0.99999", "59.999", "3600", "34560000", "4e9", "9123456789", "-0.25", "1643114203.125", "NaN", "Inf", "-Inf"];

    private static readonly string[] OfNumbers =
    [
        "{{ $value }}", "{{ .Value }}", "{{ humanize $value }}", "{{ humanize1024 $value }}", "{{ humanizeDuration $value }}", "{{ humanizePercentage $value }}",
        "{{ humanizeTimestamp $value }}", "{{ printf \"%v %g %.3g %f %.2f %e %.1e %8.1f|%-8.1f|%08.2f|%+.1f\" $value $value $value $value $value $value $value $value $value $value $value }}",
        "{{ $value | printf \"%s %d %q %t %x\" }}", "{{ printf \"%.3f\" 5 }} {{ printf \"%d %5d %-5d| %05d\" 7 7 7 7 }} {{ printf \"%s\" }} {{ printf \"a\" 1 }}",
        "{{ if gt $value 100.0 }}big{{ else if lt $value 0.0 }}negative{{ else }}small{{ end }}", "{{ eq $value 1.0 }} {{ ne $value 1.0 }} {{ le $value 1.5 }} {{ ge $value 1.5 }}",
        "{{ if $value }}yes{{ else }}no{{ end }}", "{{ print $value 1 \"a\" \"b\" 2 3 }}|{{ println $value }}",
    ];

    private static readonly string[] OfTexts =
    [
        "{{ title \"hello wide-world of_things 9lives\" }}", "{{ toUpper \"aBc é\" }} {{ toLower \"AbC É\" }}", "{{ stripPort \"host:80\" }} {{ stripPort \"[::1]:80\" }} {{ stripPort \"::1\" }} {{ stripPort \"host\" }}",
        "{{ stripDomain \"a.b.c:80\" }} {{ stripDomain \"10.0.0.1:80\" }} {{ stripDomain \"a.b\" }} {{ stripDomain \"[::1]:80\" }}",
        "{{ reReplaceAll \"(.)b\" \"<$1>\" \"abcb\" }} {{ reReplaceAll \"(?P<n>a+)\" \"${n}${n}$1x$$\" \"caab\" }} {{ reReplaceAll \"x*\" \"-\" \"abc\" }}",
        "{{ match \"^a.c$\" \"abc\" }} {{ match \"b\" \"abc\" }} {{ if match \"z\" \"abc\" }}wrong{{ end }}", "{{ graphLink \"up{a=\\\"b c\\\"} > 0\" }} {{ tableLink \"rate(x[5m]) / 2\" }}",
        "{{ parseDuration \"1h30m\" }} {{ parseDuration \"2d\" | humanizeDuration }}", "{{ args 1 \"a\" 2.5 }}", "{{ safeHtml \"<b>\" }} {{ \"<b>\" }} {{ html \"<a href='x'>&\" }} {{ urlquery \"a b&c\" }}",
        "{{ define \"t\" }}[{{ .arg0 }}:{{ .arg1 }}]{{ end }}{{ template \"t\" (args 1 \"x\") }}{{ template \"t\" (args 2 $labels.v) }}",
        "{{ range $i, $e := query \"sort(few)\" }}{{ $i }}={{ $e.Labels.k }}:{{ $e.Value }};{{ else }}none{{ end }}", "{{ range query \"nothing\" }}x{{ else }}none{{ end }}",
        "{{ with query \"few\" | sortByLabel \"k\" }}{{ . | first | label \"k\" }} {{ . | first | value }} {{ len . }} {{ (index . 1).Labels.k }}{{ end }}", "{{ query \"few{k='a'}\" | first }}",
        "{{ $labels }} {{ $labels.missing }}| {{ len $labels }} {{ index $labels \"v\" }}", "{{ $externalLabels.site }} {{ $externalURL }}",
        "{{ $x := 1 }}{{ range query \"few\" }}{{ $x = 2 }}{{ end }}{{ $x }}", "{{ and 1 0 }} {{ or 0 \"\" \"z\" }} {{ not 0 }} {{ and $labels (eq 1 1) }}",
        "a{{- /* gone */ -}} b {{- \" c \" -}} d", "{{ `raw\\n` }} {{ \"tab\\tq\\\"\" }} {{ 'a' }}", "{{ range query \"sort(few)\" }}{{ if eq .Labels.k \"b\" }}{{ continue }}{{ end }}{{ .Labels.k }}{{ end }}",
        "{{ printf \"%v %v %v\" true \"s\" 3 }} {{ printf \"%5s|%-5s|%.2s\" \"abc\" \"abc\" \"abc\" }} {{ printf \"%q\" \"a\\\"b\" }}", "{{ len \"é\" }} {{ slice \"hello\" 1 3 }}",
        "{{ block \"b\" \"c\" }}({{ . }}){{ end }}", "{{ (query \"few{k='a'}\" | first).Value | humanize }} {{ (toTime 1643114203.5).Year }} {{ toTime 1643114203 }}",
    ];

    [Fact]
    public async Task Annotations_AreThoseOfPromtool()
    {
        Assert.SkipUnless(File.Exists(Promtool), $"{Promtool} is missing; install Debian's package prometheus");
        var folder = Directory.CreateTempSubdirectory("templates-");
        try
        {
            var rules = Path.Combine(folder.FullName, "t.rules.yaml");
            await File.WriteAllTextAsync(rules, Rules());
            var alerts = await FireAsync(rules);
            var tests = Path.Combine(folder.FullName, "t.tests.yaml");
            await File.WriteAllTextAsync(tests, Tests(alerts));

            using var process = Process.Start(new ProcessStartInfo(Promtool, ["test", "rules", tests]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(process.ExitCode == 0, said);
            Assert.Equal(Values.Length + OfTexts.Length, alerts.Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Rules()
    {
        var text = new StringBuilder("groups:\n  - name: t\n    rules:\n");
        text.Append("      - alert: Numbers\n        expr: numbers == numbers or numbers != numbers\n        annotations:\n");
        for (var i = 0; i < OfNumbers.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"          a{i}: {JsonSerializer.Serialize(OfNumbers[i])}\n");
        // A rule each, so that one that fails names itself.
        for (var i = 0; i < OfTexts.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"      - alert: Text{i}\n        expr: numbers{{v=\"v01\"}}\n        annotations:\n          a: {JsonSerializer.Serialize(OfTexts[i])}\n");
        return text.ToString();
    }

    private static IEnumerable<(string Series, string Value)> Input() =>
        [.. Values.Select((value, i) => ($"numbers{{v=\"v{i:00}\"}}", value)), ("few{k=\"b\"}", "2"), ("few{k=\"a\"}", "1"), ("few{k=\"c\"}", "3")];

    private static async Task<IReadOnlyList<ActiveAlert>> FireAsync(string rules)
    {
        await using var store = new SeriesStore(new MetricsOptions());
        var at = DateTimeOffset.UnixEpoch;
        store.Append(new SampleBatch("test", at, [.. Input().Select(input => new SeriesSample(Labels(input.Series), new Sample(0, Number(input.Value))))]));
        var options = new RuleOptions { ExternalUrl = "http://x.example/path", ExternalLabels = LabelSet.Of(("site", "lab")) };
        var evaluator = new RuleEvaluator(new EmbeddedQueryEngine(store), store, new UnheardAlerts(), options, NullLogger<RuleEvaluator>.Instance);
        Assert.Empty(evaluator.Reload(RuleFileReader.Read(new ContentFile(rules, await File.ReadAllTextAsync(rules))).Value));
        await evaluator.EvaluateAllAsync(at, TestContext.Current.CancellationToken);
        return evaluator.ActiveAlerts;
    }

    private static string Tests(IReadOnlyList<ActiveAlert> alerts)
    {
        var text = new StringBuilder("rule_files: [t.rules.yaml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    external_labels: {site: lab}\n    external_url: http://x.example/path\n    input_series:\n");
        foreach (var (series, value) in Input())
            text.Append(CultureInfo.InvariantCulture, $"      - {{series: '{series}', values: '{value}'}}\n");
        text.Append("    alert_rule_test:\n");
        foreach (var group in alerts.GroupBy(alert => alert.Labels["alertname"]))
        {
            text.Append(CultureInfo.InvariantCulture, $"      - eval_time: 0m\n        alertname: {group.Key}\n        exp_alerts:\n");
            foreach (var alert in group)
                text.Append(CultureInfo.InvariantCulture, $"          - exp_labels: {Map(alert.Labels.Without("alertname"))}\n            exp_annotations: {Map(alert.Annotations)}\n");
        }

        return text.ToString();
    }

    private static string Map(LabelSet labels) => JsonSerializer.Serialize(labels.ToDictionary(label => label.Key, label => label.Value));

    private static LabelSet Labels(string series)
    {
        var parts = series.TrimEnd('}').Split('{', '=', '"');
        return LabelSet.Of(("__name__", parts[0]), (parts[1], parts[3]));
    }

    private static double Number(string text) => text switch
    {
        "NaN" => double.NaN,
        "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}

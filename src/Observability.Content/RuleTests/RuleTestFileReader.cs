using System.Globalization;
using Observability.Model;

namespace Observability.Content;

/// <summary>Reads a file of rule unit tests in promtool's format.</summary>
/// <remarks>
/// <code>
/// rule_files: [gpu.rules.yaml]
/// evaluation_interval: 1m
/// tests:
///   - interval: 1m
///     input_series: [{series: 'up{job="a"}', values: '1x5 0x10'}]
///     alert_rule_test: [{eval_time: 10m, alertname: Down, exp_alerts: [{exp_labels: {job: a}}]}]
///     promql_expr_test: [{expr: up, eval_time: 4m, exp_samples: [{labels: 'up{job="a"}', value: 1}]}]
/// </code>
/// </remarks>
public static class RuleTestFileReader
{
    // promtool's own defaults.
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(1);

    /// <summary>The tests; null where the file is empty or no mapping. A test with a fault is left out.</summary>
    public static ReadResult<RuleTestFileSpec?> Read(ContentFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var findings = new Findings();
        if (YamlDocument.FirstMap(file, findings) is not { } root)
            return findings.With<RuleTestFileSpec?>(null);
        var spec = new RuleTestFileSpec
        {
            RuleFiles = [.. root.Texts("rule_files")],
            EvaluationInterval = Interval(root, "evaluation_interval", DefaultInterval),
            GroupEvaluationOrder = [.. root.Texts("group_eval_order")],
            FuzzyCompare = root.Flag("fuzzy_compare") ?? false,
            Tests = [],
        };
        if (spec.GroupEvaluationOrder.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            root.Fault("group_eval_order", $"names '{twice.Key}' twice");
        var tests = new List<RuleTestSpec>();
        foreach (var map in root.Maps("tests"))
        {
            var before = findings.Count;
            var test = ReadTest(map, spec.EvaluationInterval);
            if (findings.Count == before)
                tests.Add(test);
        }

        root.Close();
        return findings.With<RuleTestFileSpec?>(spec with { Tests = [.. tests] });
    }

    private static RuleTestSpec ReadTest(YamlMap map, TimeSpan evaluationInterval)
    {
        var test = new RuleTestSpec
        {
            Name = map.Text("name") ?? "",
            Interval = Interval(map, "interval", evaluationInterval),
            Start = ReadStart(map),
            Series = [.. map.Maps("input_series").Select(ReadSeries)],
            Alerts = [.. map.Maps("alert_rule_test").Select(ReadAlerts)],
            Expressions = [.. map.Maps("promql_expr_test").Select(ReadExpression)],
            ExternalLabels = LabelSet.From(map.Pairs("external_labels")),
            ExternalUrl = map.Text("external_url") ?? "",
            Source = map.At,
        };
        map.Close();
        return test;
    }

    private static TimeSpan Interval(YamlMap map, string key, TimeSpan otherwise)
    {
        var interval = map.Duration(key) ?? TimeSpan.Zero;
        return interval == TimeSpan.Zero ? otherwise : interval;
    }

    private static DateTimeOffset ReadStart(YamlMap map)
    {
        if (map.Text("start_timestamp") is not { } text)
            return DateTimeOffset.UnixEpoch;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 1e11)
            return DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(seconds * 1000));
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return at.ToUniversalTime();
        map.Fault("start_timestamp", $"must be unix seconds or RFC 3339, is '{text}'");
        return DateTimeOffset.UnixEpoch;
    }

    private static InputSeries ReadSeries(YamlMap map)
    {
        var labels = ReadName(map, "series");
        if (!map.Has("series"))
            map.Fault("series", "is missing");
        var text = map.Required("values");
        var values = SeriesValues.TryExpand(text, out var error);
        if (values is null)
            map.Fault("values", $"has {error}");
        map.Close();
        return new InputSeries(labels, values ?? [], map.At);
    }

    private static AlertExpectation ReadAlerts(YamlMap map)
    {
        var expectation = new AlertExpectation(
            map.Duration("eval_time") ?? TimeSpan.Zero,
            map.Required("alertname"),
            [.. map.Maps("exp_alerts").Select(ReadAlert)],
            map.At);
        map.Close();
        return expectation;
    }

    private static ExpectedAlert ReadAlert(YamlMap map)
    {
        var alert = new ExpectedAlert(LabelSet.From(map.Pairs("exp_labels")), LabelSet.From(map.Pairs("exp_annotations")));
        map.Close();
        return alert;
    }

    private static ExpressionExpectation ReadExpression(YamlMap map)
    {
        var expectation = new ExpressionExpectation(
            map.Required("expr"),
            map.Duration("eval_time") ?? TimeSpan.Zero,
            [.. map.Maps("exp_samples").Select(ReadSample)],
            map.At);
        map.Close();
        return expectation;
    }

    private static ExpectedSample ReadSample(YamlMap map)
    {
        var sample = new ExpectedSample(ReadName(map, "labels"), map.Number("value") ?? 0);
        if (map.Text("histogram") is not null)
            map.Fault("histogram", "is a native histogram, which is not supported; compare counts and sums of classic buckets");
        map.Close();
        return sample;
    }

    private static LabelSet ReadName(YamlMap map, string key)
    {
        var text = map.Text(key) ?? "";
        if (!SeriesName.TryParse(text, out var labels))
            map.Fault(key, $"is '{text}'; write it as name{{label=\"value\"}}");
        return labels;
    }
}

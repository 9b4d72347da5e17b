using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Metrics.Tests;

/// <summary>The indented lines below an <c>eval</c>. Each check returns what is wrong, or null.</summary>
internal sealed partial class ScriptExpectation
{
    private readonly List<ScriptSeries> _series = [];
    private readonly List<(string Kind, string How, string Text)> _expects = [];
    private double? _scalar;
    private string? _text;
    private ExpectedTimes? _times;

    public bool Ordered { get; private set; }

    public static ScriptExpectation Parse(string kind, List<string> block)
    {
        var expectation = new ScriptExpectation { Ordered = kind == "ordered" };
        if (kind is "fail" or "warn" or "info")
            expectation._expects.Add((kind, "", ""));
        foreach (var line in block)
            expectation.Add(line);
        return expectation;
    }

    public string? Check(QueryResult result, DateTimeOffset at)
    {
        if (_expects.FindAll(expect => expect.Kind == "fail") is { Count: > 0 } fails)
            return fails.Select(fail => CheckFailure(result, fail.How, fail.Text)).FirstOrDefault(fault => fault is not null);
        if (result.Error is not null)
            return $"failed: {result.Error.Message}";
        if (CheckRemarks(result) is { } remark)
            return remark;
        if (_text is not null)
            return result.Kind == QueryResultKind.Text && result.Text == _text ? null : $"expected string {_text}, got {result.Kind} {result.Text}";
        if (_scalar is { } scalar)
            return result.Kind == QueryResultKind.Scalar && Same(scalar, result.Scalar.Value) ? null : $"expected scalar {scalar}, got {result.Kind} {result.Scalar.Value}";
        if (_times is { } times)
            return times.Check(result, _series) ?? Compare(result.Matrix.Select(series => (series.Labels, series.Samples.Select(sample => (double?)sample.Value).ToList())).ToList(), dropGaps: true);
        if (result.Kind != QueryResultKind.Vector)
            return $"expected a vector, got {result.Kind}";
        if (result.Vector.Any(sample => sample.Sample.UnixMilliseconds != at.ToUnixTimeMilliseconds()))
            return "a sample has another time than the evaluation";
        return Compare(result.Vector.Select(sample => (sample.Labels, new List<double?> { sample.Sample.Value })).ToList(), dropGaps: true);
    }

    /// <summary>The step at a time of a range query, against the same lines.</summary>
    public string? CheckMiddleStep(QueryResult range, DateTimeOffset at)
    {
        if (!IsSorted(range))
            return "as a range query: series are not sorted by labels";
        if (Ordered)
            return null;
        var time = at.ToUnixTimeMilliseconds();
        var step = range.Matrix
            .SelectMany(series => series.Samples.Where(sample => sample.UnixMilliseconds == time).Select(sample => (series.Labels, new List<double?> { sample.Value })))
            .ToList();
        if (_scalar is { } scalar)
            return step.Count == 1 && Same(scalar, step[0].Item2[0]!.Value) ? null : $"as a range query: expected scalar {scalar}";
        return Compare(step, dropGaps: true) is { } fault ? "as a range query: " + fault : null;
    }

    public string? CheckRange(QueryResult result, DateTimeOffset start, TimeSpan step)
    {
        if (_expects.FindAll(expect => expect.Kind == "fail") is { Count: > 0 } fails)
            return fails.Select(fail => CheckFailure(result, fail.How, fail.Text)).FirstOrDefault(fault => fault is not null);
        if (result.Error is not null)
            return $"failed: {result.Error.Message}";
        if (CheckRemarks(result) is { } remark)
            return remark;
        if (!IsSorted(result))
            return "series are not sorted by labels";
        var actual = result.Matrix.Select(series => (series.Labels, PerStep(series, start, step))).ToList();
        if (_scalar is { } scalar)
            return actual.Count == 1 && actual[0].Item2.TrueForAll(value => Same(scalar, value!.Value)) ? null : $"expected {scalar} at every step";
        return Compare(actual, dropGaps: false);
    }

    private static bool IsSorted(QueryResult result)
    {
        var labels = result.Matrix.Select(series => series.Labels).ToList();
        return labels.SequenceEqual(labels.Order(LabelSet.Order));
    }

    private static List<double?> PerStep(SeriesRange series, DateTimeOffset start, TimeSpan step)
    {
        var values = new List<double?>();
        foreach (var sample in series.Samples)
        {
            var index = (int)((sample.UnixMilliseconds - start.ToUnixTimeMilliseconds()) / (long)step.TotalMilliseconds);
            while (values.Count < index)
                values.Add(null);
            values.Add(sample.Value);
        }

        return values;
    }

    [GeneratedRegex(@"^expect\s+(?<kind>\w+)(?:\s+(?<how>msg|regex)\s*:\s*(?<text>.*))?$")]
    private static partial Regex ExpectLine { get; }

    private void Add(string line)
    {
        if (line.StartsWith("expect range vector", StringComparison.Ordinal))
            _times = ExpectedTimes.Parse(line);
        else if (line.StartsWith("expected_fail_message", StringComparison.Ordinal))
            AddExpect("fail", "msg", line["expected_fail_message".Length..].Trim());
        else if (line.StartsWith("expected_fail_regexp", StringComparison.Ordinal))
            AddExpect("fail", "regex", line["expected_fail_regexp".Length..].Trim());
        else if (line.StartsWith("expect string", StringComparison.Ordinal))
            _text = line["expect string".Length..].Trim()[1..^1];
        else if (ExpectLine.Match(line) is { Success: true } match)
            AddExpect(match.Groups["kind"].Value, match.Groups["how"].Value, match.Groups["text"].Value.Trim());
        else if (double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || line is "NaN" or "+Inf" or "-Inf" or "Inf")
            _scalar = ScriptSeries.ParseNumber(line);
        else
            _series.Add(ScriptSeries.Parse(line));
    }

    private void AddExpect(string kind, string how, string text)
    {
        if (kind == "ordered")
            Ordered = true;
        else
            _expects.Add((kind, how, text.Length > 1 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text));
    }

    private static string? CheckFailure(QueryResult result, string how, string text)
    {
        if (result.Error is null)
            return "expected a failure";
        return Matches(how, text, result.Error.Message) ? null : $"failed with \"{result.Error.Message}\", expected {how} {text}";
    }

    private static bool Matches(string how, string text, string actual) => how switch
    {
        "msg" => actual == text,
        "regex" => Regex.IsMatch(actual, text),
        _ => true,
    };

    private string? CheckRemarks(QueryResult result)
    {
        foreach (var kind in new[] { "warn", "info" })
        {
            var remarks = result.Warnings.Where(text => text.StartsWith(kind == "warn" ? "PromQL warning" : "PromQL info", StringComparison.Ordinal)).ToList();
            var expected = _expects.FindAll(expect => expect.Kind == kind);
            if (_expects.Exists(expect => expect.Kind == "no_" + kind) && remarks.Count > 0)
                return $"unexpected {kind}: {remarks[0]}";
            if (expected.Find(expect => !remarks.Exists(remark => Matches(expect.How, expect.Text, remark))) is { Kind: not null } missing)
                return $"missing {kind} {missing.Text}; got [{string.Join("; ", remarks)}]";
            if (expected.Count > 0 && remarks.Find(remark => !expected.Exists(expect => Matches(expect.How, expect.Text, remark))) is { } extra)
                return $"unexpected {kind}: {extra}";
        }

        return null;
    }

    private string? Compare(List<(LabelSet Labels, List<double?> Values)> actual, bool dropGaps)
    {
        var expected = _series
            .Select(series => (series.Labels, Values: dropGaps ? series.Values.Where(value => value is not null).ToList() : TrimGaps(series.Values)))
            .Where(series => series.Values.Count > 0).ToList();
        if (expected.Count != actual.Count)
            return $"expected {expected.Count} series, got {actual.Count}: {string.Join("; ", actual.Select(Describe))}";
        for (var i = 0; i < expected.Count; i++)
        {
            var index = Ordered ? i : actual.FindIndex(series => series.Labels.Equals(expected[i].Labels));
            if (index < 0 || !actual[index].Labels.Equals(expected[i].Labels))
                return $"expected {expected[i].Labels}, got {string.Join("; ", actual.Select(Describe))}";
            if (!SameAll(expected[i].Values, actual[index].Values))
                return $"expected {Describe(expected[i])}, got {Describe(actual[index])}";
        }

        return null;
    }

    private static List<double?> TrimGaps(IReadOnlyList<double?> values)
    {
        var trimmed = values.ToList();
        while (trimmed.Count > 0 && trimmed[^1] is null)
            trimmed.RemoveAt(trimmed.Count - 1);
        return trimmed;
    }

    private static string Describe((LabelSet Labels, List<double?> Values) series) =>
        $"{series.Labels} {string.Join(' ', series.Values.Select(value => value?.ToString("R", CultureInfo.InvariantCulture) ?? "_"))}";

    private static bool SameAll(List<double?> expected, List<double?> actual) =>
        expected.Count == actual.Count && expected.Zip(actual).All(pair =>
            pair.First is null ? pair.Second is null : pair.Second is not null && Same(pair.First.Value, pair.Second.Value));

    private static bool Same(double expected, double actual)
    {
        if (double.IsNaN(expected) || double.IsNaN(actual))
            return double.IsNaN(expected) && double.IsNaN(actual);
        if (expected == actual)
            return true;
        if (double.IsInfinity(expected) || double.IsInfinity(actual) || expected == 0 || actual == 0)
            return false;
        return Math.Abs(expected - actual) / Math.Min(Math.Abs(expected) + Math.Abs(actual), double.MaxValue) < 1e-6;
    }
}

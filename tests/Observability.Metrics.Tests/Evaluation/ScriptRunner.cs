using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Metrics.Tests;

/// <summary>
/// Runs scripts of <c>load</c>, <c>clear</c> and <c>eval</c> commands. Every instant case runs a second time as a range
/// query, whose middle step must agree.
/// <code>
/// load 1m
///     metric{a="b"} 0+10x5
/// eval instant at 5m rate(metric[5m])
///     {a="b"} 0.16666
/// </code>
/// </summary>
internal sealed partial class ScriptRunner(string file) : IAsyncDisposable
{
    private readonly List<ScriptOutcome> _outcomes = [];
    private readonly HashSet<string> _nativeMetrics = [];
    private SeriesStore _store = new(new MetricsOptions());

    public static async Task<IReadOnlyList<ScriptOutcome>> RunAsync(string path)
    {
        await using var runner = new ScriptRunner(Path.GetFileName(path));
        await runner.RunAsync(await File.ReadAllLinesAsync(path));
        return runner._outcomes;
    }

    [GeneratedRegex(@"\b(limitk|limit_ratio|anchored|smoothed|fill|fill_left|fill_right|info|histogram_quantiles|double_exponential_smoothing|mad_over_time|max_of|min_of|ts_of_\w+_over_time|sort_by_label|sort_by_label_desc|start_timestamp|step|range)\s*(\(|by|without)")]
    private static partial Regex Experimental { get; }

    [GeneratedRegex(@"\bhistogram_(count|sum|avg|stddev|stdvar)\b|</|>/")]
    private static partial Regex NativeOnly { get; }

    private async Task RunAsync(string[] lines)
    {
        for (var i = 0; i < lines.Length;)
        {
            var command = lines[i].Trim();
            var start = i++;
            if (command.Length == 0 || command[0] == '#')
                continue;
            var block = new List<string>();
            while (i < lines.Length && lines[i].Trim().Length > 0 && !IsCommand(lines[i]))
            {
                if (lines[i].Trim()[0] != '#')
                    block.Add(lines[i].Trim());
                i++;
            }

            if (command.StartsWith("load", StringComparison.Ordinal))
                Load(command, block);
            else if (command == "clear")
                await ClearAsync();
            else
                await EvaluateAsync($"{file}:{start + 1}", command, block);
        }
    }

    private static bool IsCommand(string line) =>
        line.StartsWith("eval", StringComparison.Ordinal) || line.StartsWith("load", StringComparison.Ordinal) || line.Trim() == "clear";

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task ClearAsync()
    {
        await _store.DisposeAsync();
        _store = new SeriesStore(new MetricsOptions());
        _nativeMetrics.Clear();
    }

    private void Load(string command, List<string> block)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var step = (long)(ParseSeconds(words[1]) * 1000);
        var bySeries = new Dictionary<LabelSet, IReadOnlyList<double?>>();
        foreach (var line in block)
        {
            var isNative = line.Contains("{{", StringComparison.Ordinal);
            var series = ScriptSeries.Parse(isNative ? line[..line.IndexOf("{{", StringComparison.Ordinal)] + " _" : line);
            if (isNative)
                _nativeMetrics.Add(series.Labels.MetricName);
            else
                bySeries[series.Labels] = series.Values;
            if (words[0] == "load_with_nhcb")
                _nativeMetrics.Add(Regex.Replace(series.Labels.MetricName, "_bucket$", ""));
        }

        foreach (var (labels, values) in bySeries)
        {
            var samples = new List<SeriesSample>();
            for (var i = 0; i < values.Count; i++)
            {
                if (values[i] is { } value)
                    samples.Add(new SeriesSample(labels, new Sample(i * step, value)));
            }

            _store.Append(new SampleBatch(file, DateTimeOffset.UnixEpoch, samples));
        }
    }

    private async Task EvaluateAsync(string place, string command, List<string> block)
    {
        var match = EvalCommand.Match(command);
        var query = match.Groups["query"].Value;
        var skipped = ReasonToSkip(query, block);
        if (skipped is not null)
        {
            _outcomes.Add(new ScriptOutcome(place, query, null, skipped));
            return;
        }

        var expectation = ScriptExpectation.Parse(match.Groups["kind"].Value, block);
        var engine = new EmbeddedQueryEngine(_store, new QueryOptions { DelayedNameRemoval = true });
        var fault = match.Groups["at"].Success
            ? await InstantAsync(engine, query, At(match.Groups["at"].Value), expectation)
            : await RangeAsync(engine, query, match, expectation);
        _outcomes.Add(new ScriptOutcome(place, query, fault, null));
    }

    [GeneratedRegex(@"^eval(?:_(?<kind>\w+))?\s+(?:instant\s+at\s+(?<at>\S+)|range\s+from\s+(?<from>\S+)\s+to\s+(?<to>\S+)\s+step\s+(?<step>\S+))\s+(?<query>.+)$")]
    private static partial Regex EvalCommand { get; }

    private string? ReasonToSkip(string query, List<string> block)
    {
        if (Experimental.IsMatch(query) || Regex.IsMatch(query, @"(?<!@ )\b(start|end)\(\)"))
            return "experimental";
        if (block.Exists(line => line.Contains("{{", StringComparison.Ordinal) || line.Contains("count:", StringComparison.Ordinal)))
            return "native histogram";
        if (NativeOnly.IsMatch(query) || _nativeMetrics.Any(name => Regex.IsMatch(query, $@"(?<![\w:]){Regex.Escape(name)}(?![\w:])")))
            return "native histogram";
        var nameless = query.Contains("__name__", StringComparison.Ordinal) || Regex.IsMatch(query, @"(^|[\s(]){");
        return _nativeMetrics.Count > 0 && nameless ? "native histogram" : null;
    }

    private static async Task<string?> InstantAsync(EmbeddedQueryEngine engine, string query, DateTimeOffset at, ScriptExpectation expected)
    {
        var result = await engine.QueryAsync(query, at, CancellationToken.None);
        var fault = expected.Check(result, at);
        if (fault is not null || result.Error is not null || result.Kind is not (QueryResultKind.Vector or QueryResultKind.Scalar)
            || expected.Ordered || query.Contains("start()", StringComparison.Ordinal) || query.Contains("end()", StringComparison.Ordinal))
            return fault;
        var minute = TimeSpan.FromMinutes(1);
        var range = await engine.QueryRangeAsync(query, at - minute, at + minute, minute, CancellationToken.None);
        // A collision at a neighbouring step fails the whole range query; the instant case says nothing about it.
        if (range.Error is not null)
            return range.Error.Message.Contains("same labelset", StringComparison.Ordinal) ? null : $"as a range query: {range.Error.Message}";
        return expected.CheckMiddleStep(range, at);
    }

    private static async Task<string?> RangeAsync(EmbeddedQueryEngine engine, string query, Match match, ScriptExpectation expected)
    {
        var (from, to) = (At(match.Groups["from"].Value), At(match.Groups["to"].Value));
        var step = TimeSpan.FromSeconds(ParseSeconds(match.Groups["step"].Value));
        return expected.CheckRange(await engine.QueryRangeAsync(query, from, to, step, CancellationToken.None), from, step);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(ParseSeconds(text) * 1000));

    private static double ParseSeconds(string text) =>
        text.StartsWith('-') ? -ParseSeconds(text[1..])
        : PromQlDuration.TryParse(text, out var duration) ? duration.TotalSeconds
        : double.Parse(text, CultureInfo.InvariantCulture);
}

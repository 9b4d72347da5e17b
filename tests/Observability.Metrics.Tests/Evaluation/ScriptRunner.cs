using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Metrics.Tests;

/// <summary>
/// Runs scripts of <c>load</c>, <c>clear</c> and <c>eval</c> commands, in the language of Prometheus's own tests. Every
/// instant case runs again as a range query whose middle step must agree, and again with <c>@</c> on its selectors at
/// other evaluation times, which must change nothing.
/// <code>
/// load 1m
///     metric{a="b"} 0+10x5
/// eval instant at 5m rate(metric[5m])
///     {a="b"} 0.16666
/// </code>
/// </summary>
internal sealed partial class ScriptRunner(string file) : IAsyncDisposable
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly List<ScriptOutcome> _outcomes = [];
    private readonly ScriptSkips _skips = new();
    private SeriesStore _store = new(new MetricsOptions());

    public static async Task<IReadOnlyList<ScriptOutcome>> RunAsync(string path)
    {
        await using var runner = new ScriptRunner(Path.GetFileName(path));
        await runner.RunAsync(await File.ReadAllLinesAsync(path));
        return runner._outcomes;
    }

    /// <summary>Runs a script that is not a file.</summary>
    public static async Task<IReadOnlyList<ScriptOutcome>> RunTextAsync(string text)
    {
        await using var runner = new ScriptRunner("text");
        await runner.RunAsync(text.Split('\n'));
        return runner._outcomes;
    }

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

            await ExecuteAsync($"{file}:{start + 1}", command, block);
        }
    }

    private async Task ExecuteAsync(string place, string command, List<string> block)
    {
        if (command.StartsWith("load", StringComparison.Ordinal))
            Load(command, block);
        else if (command == "clear")
            await ClearAsync();
        else if (EvalCommand.Match(command) is { Success: true } match)
            await EvaluateAsync(place, match, block);
        else
            _outcomes.Add(new ScriptOutcome(place, command, "is no load, clear or eval command", null));
    }

    private static bool IsCommand(string line) =>
        line.StartsWith("eval", StringComparison.Ordinal) || line.StartsWith("load", StringComparison.Ordinal) || line.Trim() == "clear";

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task ClearAsync()
    {
        await _store.DisposeAsync();
        _store = new SeriesStore(new MetricsOptions());
        _skips.Clear();
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
                _skips.AddNative(series.Labels.MetricName);
            else
                bySeries[series.Labels] = series.Values;
            if (words[0] == "load_with_nhcb")
                _skips.AddCustomBuckets(series.Labels.MetricName);
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

    private async Task EvaluateAsync(string place, Match match, List<string> block)
    {
        var query = match.Groups["query"].Value;
        if (_skips.ReasonFor(query, block) is { } skipped)
        {
            _outcomes.Add(new ScriptOutcome(place, query, null, skipped));
            return;
        }

        var expectation = ScriptExpectation.Parse(match.Groups["kind"].Value, block);
        var engine = new EmbeddedQueryEngine(_store, new QueryOptions { DelayedNameRemoval = true, ExperimentalFunctions = true });
        var fault = match.Groups["at"].Success
            ? await InstantAsync(engine, query, At(match.Groups["at"].Value), expectation)
            : await RangeAsync(engine, query, match, expectation);
        _outcomes.Add(new ScriptOutcome(place, query, fault, null));
    }

    [GeneratedRegex(@"^eval(?:_(?<kind>\w+))?\s+(?:instant\s+at\s+(?<at>\S+)|range\s+from\s+(?<from>\S+)\s+to\s+(?<to>\S+)\s+step\s+(?<step>\S+))\s+(?<query>.+)$")]
    private static partial Regex EvalCommand { get; }

    private static async Task<string?> InstantAsync(EmbeddedQueryEngine engine, string query, DateTimeOffset at, ScriptExpectation expected)
    {
        if (await InstantOnceAsync(engine, query, at, expected) is { } fault)
            return fault;
        foreach (var (again, time) in StepInvariance.Variants(query, at))
        {
            if (await InstantOnceAsync(engine, again, time, expected) is { } changed)
                return $"as {again} at {time.ToUnixTimeMilliseconds() / 1000.0}s: {changed}";
        }

        return null;
    }

    private static async Task<string?> InstantOnceAsync(EmbeddedQueryEngine engine, string query, DateTimeOffset at, ScriptExpectation expected)
    {
        var result = await engine.QueryAsync(query, at, CancellationToken.None);
        var fault = expected.Check(result, at);
        if (fault is not null || result.Error is not null || result.Kind is not (QueryResultKind.Vector or QueryResultKind.Scalar)
            || StepInvariance.DependsOnTheRange(query))
            return fault;
        var range = await engine.QueryRangeAsync(query, at - s_minute, at + s_minute, s_minute, CancellationToken.None);
        return range.Error is null ? expected.CheckMiddleStep(range, at) : $"as a range query: {range.Error.Message}";
    }

    private static async Task<string?> RangeAsync(EmbeddedQueryEngine engine, string query, Match match, ScriptExpectation expected)
    {
        var (from, to) = (At(match.Groups["from"].Value), At(match.Groups["to"].Value));
        var step = TimeSpan.FromSeconds(ParseSeconds(match.Groups["step"].Value));
        return expected.CheckRange(await engine.QueryRangeAsync(query, from, to, step, CancellationToken.None), from, step);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(ParseSeconds(text) * 1000));

    /// <summary>A duration or a number of seconds.</summary>
    public static double ParseSeconds(string text) =>
        text.StartsWith('-') ? -ParseSeconds(text[1..])
        : PromQlDuration.TryParse(text, out var duration) ? duration.TotalSeconds
        : double.Parse(text, CultureInfo.InvariantCulture);
}

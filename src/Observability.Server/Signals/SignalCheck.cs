using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Asks every signal of an exporter's answer. The answer is stored as if it had come again and again without change, so that rates have
/// data too; a signal is provided where the expression of any vendor has a series.
/// </summary>
internal static class SignalCheck
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    // The longest range of the signals is half an hour.
    private const int Steps = 4;

    public static async Task<IReadOnlyList<SignalLine>> RunAsync(
        IReadOnlyList<SignalSpec> signals, IReadOnlyList<SeriesSample> samples, LabelSet target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var store = new SeriesStore(new MetricsOptions());
        for (var i = Steps - 1; i >= 0; i--)
        {
            var at = now - (Step * i);
            SeriesSample up = new(target.With(LabelSet.MetricNameLabel, "up"), new Sample(at.ToUnixTimeMilliseconds(), 1));
            store.Append(new SampleBatch("check", at, [.. samples.Select(sample => sample with { Sample = sample.Sample with { UnixMilliseconds = at.ToUnixTimeMilliseconds() } }), up]));
        }

        var engine = new EmbeddedQueryEngine(store);
        var answers = new List<(SignalSpec Signal, List<(string Vendor, string Expression, int Series)> Found)>();
        foreach (var signal in signals)
        {
            var found = new List<(string, string, int)>();
            foreach (var (vendor, expression) in signal.Expressions)
            {
                var result = await engine.QueryAsync(expression, now, cancellationToken);
                if (result.Error is { } error)
                    throw new InvalidDataException($"{signal.Source}: the expression of {vendor} cannot be evaluated: {error}");
                found.Add((vendor, expression, result.Vector.Count));
            }

            answers.Add((signal, found));
        }

        // The vendors that this exporter speaks for: "any" is everybody's.
        var spoken = answers.SelectMany(answer => answer.Found).Where(found => found.Series > 0 && found.Vendor != "any").Select(found => found.Vendor)
            .ToHashSet(StringComparer.Ordinal);
        return [.. answers.Select(answer => Line(answer.Signal, answer.Found, spoken))];
    }

    private static SignalLine Line(SignalSpec signal, List<(string Vendor, string Expression, int Series)> found, HashSet<string> spoken)
    {
        if (found.FirstOrDefault(one => one.Series > 0) is { Series: > 0 } given)
            return new SignalLine(signal.Name, signal.Unit, "provided", given.Vendor, given.Series, Flat(given.Expression));
        var wanted = found.FirstOrDefault(one => spoken.Contains(one.Vendor));
        return wanted.Vendor is null
            ? new SignalLine(signal.Name, signal.Unit, "other", string.Join('|', found.Select(one => one.Vendor)), 0, "")
            : new SignalLine(signal.Name, signal.Unit, "missing", wanted.Vendor, 0, Flat(wanted.Expression));
    }

    private static string Flat(string expression) => string.Join(' ', expression.Split((char[])['\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries));
}

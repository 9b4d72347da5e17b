using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Tells who calls whom as series, for an agent, which has no topology: one of value 1 for each call that was seen since it was last written.
/// <code>service_call_info{client="cart",server="redis@cache-1",system="redis",node="node-017"} 1</code>
/// </summary>
/// <param name="samples">Where the series go.</param>
/// <param name="node">Who saw it: of two agents neither writes the other's series.</param>
/// <param name="limit">Most pairs of caller and callee between two writings; further ones are refused and counted.</param>
public sealed class CallSeriesWriter(ISampleSink samples, string node, int limit) : ICallSink
{
    /// <summary>Name of the series.</summary>
    public const string Series = "service_call_info";

    private const string Source = "calls";

    // Half of what a question looks back, so that a call that goes on is always there.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<ServiceCall, DateTimeOffset> _written = [];
    private readonly HashSet<ServiceCall> _seen = [];

    /// <inheritdoc/>
    public void See(IEnumerable<ServiceCall> calls, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(calls);
        lock (_gate)
        {
            foreach (var call in calls.Where(call => call.Caller != call.Callee))
            {
                if (_seen.Count < limit || _seen.Contains(call))
                    _seen.Add(call);
                else
                    CollectorsMetrics.Refused(Source, "call_limit");
            }
        }
    }

    /// <summary>Writes what is new at once, and what goes on every two minutes.</summary>
    public void RunDue(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_seen.Count == 0)
                return;
            var due = _seen.Where(call => !_written.TryGetValue(call, out var at) || now - at >= Interval)
                .OrderBy(call => call.Caller, StringComparer.Ordinal).ThenBy(call => call.Callee, StringComparer.Ordinal).ThenBy(call => call.System, StringComparer.Ordinal).ToList();
            _seen.Clear();
            foreach (var (call, at) in _written.Where(call => now - call.Value >= Interval))
                _written.Remove(call);
            if (due.Count == 0)
                return;
            foreach (var call in due)
                _written[call] = now;
            CollectorsMetrics.Samples(Source, due.Count);
            samples.Append(new SampleBatch(Source, now, [.. due.Select(call => new SeriesSample(LabelsOf(call), new Sample(now.ToUnixTimeMilliseconds(), 1)))]));
        }
    }

    private LabelSet LabelsOf(ServiceCall call) =>
        LabelSet.Of((LabelSet.MetricNameLabel, Series), ("client", call.Caller), ("server", call.Callee), ("system", call.System), ("node", node));
}

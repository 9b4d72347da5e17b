using System.Globalization;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// The platform's own results as series, so that SLOs, dashboards and rules can ask for them like for any other:
/// alerts, incidents, and how long a decision took. They come from the journal, so a replay gives the same ones.
/// </summary>
internal sealed class SelfSeries(SeriesStore series) : IJournalReader
{
    private static readonly double[] Bounds = [5, 10, 20, 30, 60, 120, 300, 600];
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, DateTimeOffset> _started = new(StringComparer.Ordinal);
    private readonly HashSet<string> _decided = new(StringComparer.Ordinal);
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private double _seconds;
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    public void Read(JournalRecord record, bool isReplay)
    {
        if (record.Entry is IncidentChanged { Change: { Kind: IncidentChangeKind.Opened } opened })
            _started[opened.Incident.Id] = opened.Incident.OpenedAt;
        else if (record.Entry is IncidentChanged { Change: { Kind: IncidentChangeKind.Resolved or IncidentChangeKind.Merged } ended })
            _started.Remove(ended.Incident.Id);
        else if (record.Entry is ExecutionChanged { Execution: { } execution } && _started.TryGetValue(execution.IncidentId, out var at) && _decided.Add(execution.IncidentId))
            Decide((execution.CreatedAt - at).TotalSeconds);
    }

    /// <summary>Writes the series, every ten seconds.</summary>
    public void Write(DateTimeOffset now, PlatformSnapshot snapshot)
    {
        if (now < _due)
            return;
        _due = now + Interval;
        var at = now.ToUnixTimeMilliseconds();
        SeriesSample Sample(string name, double value, string bound = "") =>
            new(LabelSet.Of((LabelSet.MetricNameLabel, name), ("job", "observability"), ("le", bound)), new Sample(at, value));
        var open = snapshot.Incidents.Values.Count(view => !view.Incident.IsOver);
        List<SeriesSample> samples =
        [
            Sample("observability_alerts_total", snapshot.Noise.AlertsIn),
            Sample("observability_incidents_total", snapshot.Noise.IncidentsOut),
            Sample("observability_incidents_open", open),
            Sample("observability_holds", snapshot.Holds.Count),
            Sample("observability_metrics_degraded", series.IsDegraded ? 1 : 0),
            Sample("observability_metrics_corrupt_rows", series.Statistics.CorruptRows),
            Sample("observability_metrics_new_series_refused_total", series.Statistics.RefusedBySeriesLimit + series.Statistics.RefusedByMemoryLimit),
            Sample("observability_incident_decision_seconds_sum", _seconds),
            Sample("observability_incident_decision_seconds_count", _buckets.Sum()),
        ];
        long below = 0;
        for (var i = 0; i <= Bounds.Length; i++)
        {
            below += _buckets[i];
            samples.Add(Sample("observability_incident_decision_seconds_bucket", below, i < Bounds.Length ? Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf"));
        }

        if (snapshot.Learning.Drift is { } drift)
            samples.AddRange(LearningSeries.Of(drift, at));
        series.Append(new SampleBatch("self", now, samples));
    }

    private void Decide(double seconds)
    {
        _seconds += seconds;
        var bucket = Array.FindIndex(Bounds, bound => seconds <= bound);
        _buckets[bucket < 0 ? Bounds.Length : bucket]++;
    }
}

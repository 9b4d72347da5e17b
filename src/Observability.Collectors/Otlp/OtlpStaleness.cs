using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Ends pushed series that a sender no longer sends: where a push has a metric of a job, the job's other series of that
/// metric are over. A rank that has moved would otherwise look alive on its old node for the whole look-back.
/// For one caller at a time.
/// </summary>
/// <param name="known">The series of a metric and job that an earlier run may have left open.</param>
internal sealed class OtlpStaleness(Func<string, string, IEnumerable<LabelSet>> known)
{
    private const int MaximumGroups = 100_000;
    private readonly Dictionary<(string Metric, string Job), HashSet<LabelSet>> _groups = [];

    /// <summary>Adds an end for every series that the push leaves out.</summary>
    public void End(List<SeriesSample> samples, long now)
    {
        foreach (var group in samples.GroupBy(sample => (sample.Labels.MetricName, sample.Labels["job_name"])).ToArray())
        {
            var present = group.Select(sample => sample.Labels).ToHashSet();
            foreach (var gone in _groups.TryGetValue(group.Key, out var before) ? before : LeftOpen(group.Key))
            {
                if (!present.Contains(gone))
                    samples.Add(new SeriesSample(gone, new Sample(now, StaleMarker.Value)));
            }

            if (_groups.Count < MaximumGroups || _groups.ContainsKey(group.Key))
                _groups[group.Key] = present;
        }
    }

    // Without a job a group is not one sender's: what else has the metric's name may come from anywhere.
    private IEnumerable<LabelSet> LeftOpen((string Metric, string Job) group) => group.Job.Length > 0 ? known(group.Metric, group.Job) : [];
}

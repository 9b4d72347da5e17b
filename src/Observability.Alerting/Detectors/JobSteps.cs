using Observability.Model;

namespace Observability.Alerting;

/// <summary>Where a job is and how long its steps take, one element a job: its log and its own telemetry may both tell, one later than the other.</summary>
internal static class JobSteps
{
    /// <summary>
    /// The step it is at. Who told of it 15 s before somebody else did last may mean the time before a restart, which took the job some steps back.
    /// </summary>
    public const string Number =
        "max by (job_name) (train_step unless (timestamp(train_step) < on (job_name) group_left () (max by (job_name) (timestamp(train_step)) - 15)))";

    /// <summary>Duration of a step by each source, in seconds. The ranks of a job step together: whoever is last says how long it took.</summary>
    public const string DurationBySource = $"max without ({OfRank}) ({Series})";

    /// <summary>All that was told of one job's steps over the last minutes, a series for each rank that tells: what the detectors of this process have not seen.</summary>
    public static string RecentDurations(string job) => $"{LabelSet.Of((LabelSet.MetricNameLabel, Series), ("job_name", job))}[20m]";

    /// <summary>The source that a series is of: the labels without those that <see cref="DurationBySource"/> leaves out.</summary>
    public static LabelSet SourceOf(LabelSet series) => series.Without([LabelSet.MetricNameLabel, .. OfRank.Split(", ")]);

    /// <summary>When each source told of a step last, in seconds since 1970.</summary>
    public const string ReportBySource = $"max without ({OfRank}) (timestamp({Series}))";

    /// <summary>Duration of a step, in seconds: one long step that a source has yet to pass does not count while another has passed it.</summary>
    public const string Duration = $"min by (job_name) ({DurationBySource})";

    /// <summary>What they all look at.</summary>
    public const string Series = "train_step_duration_seconds";

    // Which rank told is no matter of the job's.
    private const string OfRank = "rank, node, gpu, UUID";
}

namespace Observability.Alerting;

/// <summary>A number of a job that has a usual level.</summary>
/// <param name="AlertName">Name of the alert.</param>
/// <param name="Expression">PromQL; one element per job.</param>
/// <param name="What">What it is, for the texts.</param>
/// <param name="Unit">Its unit.</param>
internal sealed record ChangePointSignal(string AlertName, string Expression, string What, string Unit)
{
    /// <summary>Both signals; a change in either direction is told.</summary>
    public static IReadOnlyList<ChangePointSignal> All { get; } =
    [
        new("JobStepTimeChanged", JobSteps.Duration, "step time", " s"),
        new("JobMfuChanged", "max by (job_name) (train_mfu_ratio)", "MFU", ""),
    ];
}

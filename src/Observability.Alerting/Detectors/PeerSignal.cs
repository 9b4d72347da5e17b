namespace Observability.Alerting;

/// <summary>A number that all ranks or GPUs of a job share, so that the one that differs stands out.</summary>
/// <param name="AlertName">Name of the alert.</param>
/// <param name="Expression">PromQL; one element per rank or GPU.</param>
/// <param name="Unit">Unit for the evidence.</param>
/// <param name="IsHighBad">True where the outlier is above its peers, false where it is below.</param>
/// <param name="MinRatio">Least ratio to the median; the options' ratio applies where it is higher.</param>
/// <param name="MinMedian">Below this median the job is idle or stands still and nothing is compared.</param>
/// <param name="IsPerRank">True where the element carries job and rank; false where its UUID leads to them.</param>
internal sealed record PeerSignal(
    string AlertName, string Expression, string Unit, bool IsHighBad, double MinRatio, double MinMedian, bool IsPerRank)
{
    /// <summary>Time that a rank computes per step, waiting in collectives excluded: only the slow rank's grows.</summary>
    public static PeerSignal RankCompute { get; } =
        new("RankStraggler", "train_rank_compute_seconds", "s", IsHighBad: true, 1, 1e-9, IsPerRank: true);

    /// <summary>A throttled GPU runs at a lower clock than its peers; an idle one is not compared.</summary>
    public static PeerSignal SmClock { get; } =
        new("GpuClockOutlier", "DCGM_FI_DEV_SM_CLOCK", "MHz", IsHighBad: false, 1.1, 500, IsPerRank: false);

    /// <summary>Tensor activity is noisy from scrape to scrape, so only a gross difference counts.</summary>
    public static PeerSignal TensorActivity { get; } =
        new("GpuTensorOutlier", "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "", IsHighBad: false, 1.5, 0.1, IsPerRank: false);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PeerSignal> All { get; } = [RankCompute, SmClock, TensorActivity];
}

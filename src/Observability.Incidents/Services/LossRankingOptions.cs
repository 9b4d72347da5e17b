namespace Observability.Incidents;

/// <summary>What <see cref="RankByLoss"/> goes by. Fixed on synthetic faults in synthetic and real backgrounds, not on labelled cases.</summary>
public sealed record LossRankingOptions
{
    /// <summary>Row of the window, counted from 0, in which the trouble shows at the latest; rows before the target's first bad one say how things were.</summary>
    public int OnsetRow { get; init; } = 2;

    /// <summary>A node has lost something in a row when it is worse than this share of its normal rows.</summary>
    public double NormalShare { get; init; } = 0.9;

    /// <summary>The target is in trouble when a window of normal rows looks as bad with at most this probability.</summary>
    public double Significance { get; init; } = 0.1;

    /// <summary>What the target's own remainder counts: besides a fault of its own it holds whatever of its callees is not measured or not passed on as lost.</summary>
    public double TargetWeight { get; init; } = 0.6;

    /// <summary>With fewer normal values than this a node's normal is not known.</summary>
    public int FewestNormalValues { get; init; } = 10;
}

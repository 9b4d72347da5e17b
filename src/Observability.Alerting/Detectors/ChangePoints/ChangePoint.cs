namespace Observability.Alerting;

/// <summary>A lasting change of a job's usual value.</summary>
/// <param name="From">Median of the steps before.</param>
/// <param name="To">Median of the steps since.</param>
/// <param name="Deviations">Their distance in robust standard deviations of the steps before.</param>
/// <param name="At">When it began: when the sum last left zero.</param>
internal readonly record struct ChangePoint(double From, double To, double Deviations, DateTimeOffset At)
{
    /// <summary>New value as a share of the old.</summary>
    public double Ratio => To / From;
}

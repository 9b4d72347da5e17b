namespace Observability.Alerting;

/// <summary>How unusual one row of a series is.</summary>
/// <param name="Score">0 to 1, comparable between series: half is the alarm as set, more is rarer.</param>
/// <param name="Views">Why.</param>
public readonly record struct SeriesScore(double Score, SeriesViews Views)
{
    /// <summary>From here on a row is an alarm.</summary>
    public const double Alarm = 0.5;
}

namespace Observability.Alerting;

/// <summary>
/// Options of <see cref="SeriesAnomalyDetector"/>. Each lies in the middle of a range over which the result hardly moves
/// (docs/detectors.md has the figures), so that they need no tuning per series.
/// </summary>
public sealed class SeriesAnomalyOptions
{
    /// <summary>Surprise, repetitions discounted, from which a row is an alarm: -log10 of a tail probability, in the geometric mean of all views.</summary>
    public double AlarmSurprise { get; set; } = 1.5;

    /// <summary>Surprise, nothing discounted, from which a row makes the series quiet even where it is no alarm because the like came before.</summary>
    public double NotableSurprise { get; set; } = 2;

    /// <summary>After an alarm or a notable row this many rows stay quiet …</summary>
    public int QuietRows { get; set; } = 100;

    /// <summary>… unless one is this much more surprising than that one: 1 is ten times as rare.</summary>
    public double EscalationSurprise { get; set; } = 1;

    /// <summary>Rows that are only learned from before the first alarm.</summary>
    public int WarmupRows { get; set; } = 100;

    /// <summary>How many earlier states of the series a new one is compared with. Memory and time per row grow with it: 64 bytes and about two nanoseconds each.</summary>
    public int MemoryRows { get; set; } = 4_000;

    /// <summary>Distance to how many of the nearest earlier states.</summary>
    public int Neighbours { get; set; } = 5;

    /// <summary>The latest rows are not compared with, so that an anomaly does not explain itself.</summary>
    public int GapRows { get; set; } = 12;

    /// <summary>The mean of this many latest rows is compared with that of seven times as many before them.</summary>
    public int LevelRows { get; set; } = 24;

    /// <summary>The share of largest values from which the tail beyond them is extrapolated.</summary>
    public double TailRatio { get; set; } = 0.02;
}

namespace Observability.Alerting;

/// <summary>Four ways to look at one row; each says how rare what it sees is in this series, as -log10 of a tail probability. Zero where it cannot tell yet.</summary>
/// <param name="State">Distance of the recent course, on eight time scales at once, to the most similar earlier ones.</param>
/// <param name="Level">Step between the mean of the last rows and that of the rows before.</param>
/// <param name="Season">Distance to what is usual at this time of day.</param>
/// <param name="Jump">Change from the row before.</param>
public readonly record struct SeriesViews(double State, double Level, double Season, double Jump)
{
    /// <summary>All views together: -log10 of the geometric mean of their probabilities, which one view alone cannot drive up unless it is very sure.</summary>
    public double Surprise => (State + Level + Season + Jump) / 4;
}

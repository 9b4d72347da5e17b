namespace Observability.Model;

/// <summary>What became of a rule's firings that are old enough to be judged.</summary>
/// <param name="Right">Firings of what turned out to be a real fault.</param>
/// <param name="Wrong">Firings of nothing.</param>
/// <param name="Undecided">Firings that nobody and nothing has judged; they count for neither side.</param>
public sealed record RuleRecord(int Right, int Wrong, int Undecided)
{
    // Two-sided 95 %.
    private const double Z = 1.959964;

    /// <summary>Nothing yet.</summary>
    public static RuleRecord Empty { get; } = new(0, 0, 0);

    /// <summary>Firings that are judged.</summary>
    public int Judged => Right + Wrong;

    /// <summary>Share of the judged that were right, in [0, 1]; null before the first.</summary>
    public double? Precision => Judged == 0 ? null : (double)Right / Judged;

    /// <summary>Lower end of the 95 % interval of the precision; 0 before the first judged firing.</summary>
    public double Lower => Bound(-1);

    /// <summary>Upper end of the 95 % interval of the precision; 1 before the first judged firing.</summary>
    public double Upper => Bound(1);

    // Wilson (1927): unlike the textbook interval it stays within [0, 1] and is honest about few firings and about 0 of n.
    private double Bound(int side)
    {
        if (Judged == 0)
            return side < 0 ? 0 : 1;
        double n = Judged, share = Right / n;
        var centre = share + (Z * Z / (2 * n));
        var half = Z * Math.Sqrt((share * (1 - share) / n) + (Z * Z / (4 * n * n)));
        return Math.Clamp((centre + (side * half)) / (1 + (Z * Z / n)), 0, 1);
    }
}

namespace Observability.Incidents;

/// <summary>Least squares with every coefficient between 0 and 1, by cyclic coordinate descent (Lawson and Hanson 1974, bounds by projection).</summary>
internal static class BoundedFit
{
    // Few rows and few columns: the descent has settled long before.
    private const int Rounds = 25;

    /// <summary>What is left of a series after the others have explained as much of it as shares between nothing and all of them can.</summary>
    public static double[] Residual(IReadOnlyList<double> series, IReadOnlyList<IReadOnlyList<double>> others)
    {
        var residual = series.ToArray();
        var shares = new double[others.Count];
        for (var round = 0; round < Rounds; round++)
        {
            for (var at = 0; at < others.Count; at++)
            {
                var other = others[at];
                var norm = Dot(other, other);
                if (norm <= 0)
                    continue;
                var share = Math.Clamp(shares[at] + (Dot(residual, other) / norm), 0, 1);
                for (var row = 0; row < residual.Length; row++)
                    residual[row] -= (share - shares[at]) * other[row];
                shares[at] = share;
            }
        }

        return residual;
    }

    /// <summary>Share of a series' squares that a share between nothing and all of another explains: 0 to 1.</summary>
    public static double Explained(IReadOnlyList<double> series, IReadOnlyList<double> by)
    {
        var norm = Dot(series, series);
        if (norm <= 0)
            return 0;
        var residual = Residual(series, [by]);
        return Math.Clamp(1 - (Dot(residual, residual) / norm), 0, 1);
    }

    private static double Dot(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var sum = 0.0;
        for (var row = 0; row < a.Count; row++)
            sum += a[row] * b[row];
        return sum;
    }
}

namespace Observability.Incidents;

/// <summary>How a figure is distributed, as shares of bins whose edges lie between its own deciles.</summary>
/// <param name="Edges">Upper ends of all bins but the last, ascending; a value on an edge is in the bin below it.</param>
/// <param name="Shares">Share of the values in each bin; one more than there are edges.</param>
public sealed record Distribution(IReadOnlyList<double> Edges, IReadOnlyList<double> Shares)
{
    private const int Bins = 10;

    // Half an example in each bin, so that a bin that is empty on one side gives a finite index (Jeffreys' prior).
    private const double Prior = 0.5;

    // Features are floats of a few units; closer values than this are the same.
    private const double Apart = 1e-6;

    /// <summary>The distribution of some values, binned by their deciles; a figure with few values has a bin for each.</summary>
    internal static Distribution Of(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        var edges = new List<double>();
        for (var i = 1; i < Bins && sorted.Length > 0; i++)
        {
            // Midway to the next larger value, so that rounding on the way through a file moves nothing across an edge.
            var at = sorted[Math.Min(sorted.Length - 1, sorted.Length * i / Bins)];
            var next = Array.Find(sorted, value => value > at);
            if (next > at && (edges.Count == 0 || (at + next) / 2 > edges[^1]))
                edges.Add((at + next) / 2);
        }

        // What never varied has a bin for itself: that it varies at all is the news.
        if (edges.Count == 0 && sorted.Length > 0)
            edges.AddRange([sorted[0] - Apart, sorted[0] + Apart]);
        return new Distribution(edges, SharesOf(edges, values));
    }

    /// <summary>Population stability index of other values against this: Σ (live − here) · ln(live / here).</summary>
    internal double IndexOf(IReadOnlyList<double> values)
    {
        var live = SharesOf(Edges, values);
        return Shares.Zip(live, (here, there) => (there - here) * Math.Log(there / here)).Sum();
    }

    private static double[] SharesOf(IReadOnlyList<double> edges, IReadOnlyList<double> values)
    {
        var counts = new double[edges.Count + 1];
        foreach (var value in values)
        {
            var bin = 0;
            while (bin < edges.Count && value > edges[bin])
                bin++;
            counts[bin]++;
        }

        return [.. counts.Select(count => (count + Prior) / (values.Count + (Prior * counts.Length)))];
    }
}

using System.Globalization;
using Observability.Content;

namespace Observability.Server;

/// <summary>Samples that an expression should give and does: the same labels, and the same number bit by bit.</summary>
internal static class RuleTestSamples
{
    /// <summary>The differing samples, as <see cref="RuleTestDiff"/> shows them; empty where there are none.</summary>
    /// <param name="expected">What the file says.</param>
    /// <param name="got">What came.</param>
    /// <param name="fuzzy">True where the next larger or smaller number is as good, as promtool's <c>fuzzy_compare</c>.</param>
    public static string Diff(IEnumerable<ExpectedSample> expected, IEnumerable<ExpectedSample> got, bool fuzzy)
    {
        var missing = expected.ToList();
        var extra = new List<ExpectedSample>();
        foreach (var sample in got)
        {
            var at = missing.FindIndex(other => other.Labels.Equals(sample.Labels) && IsSame(other.Value, sample.Value, fuzzy));
            if (at >= 0)
                missing.RemoveAt(at);
            else
                extra.Add(sample);
        }

        return RuleTestDiff.Of(missing.Select(Show), extra.Select(Show));
    }

    private static bool IsSame(double left, double right, bool fuzzy) =>
        left.Equals(right) || (fuzzy && (double.BitIncrement(left) == right || double.BitDecrement(left) == right));

    private static string Show(ExpectedSample sample) => $"{sample.Labels} {sample.Value.ToString("R", CultureInfo.InvariantCulture)}";
}

using System.Globalization;
using Observability.Metrics;
using Observability.Model;

namespace Observability.EndToEnd.Tests;

/// <summary>Where two answers to a range query part.</summary>
internal static class AnswerDifference
{
    private const double Tolerance = 1e-6;

    /// <summary>The first difference with both values; null where the answers are equal.</summary>
    public static string? Find(QueryResult theirs, QueryResult ours)
    {
        if (theirs.Error is not null || ours.Error is not null)
        {
            return (theirs.Error is null) == (ours.Error is null) && theirs.Error!.Type == ours.Error!.Type
                ? null
                : $"error: theirs '{theirs.Error?.Message}', ours '{ours.Error?.Message}'";
        }

        var own = ours.Matrix.ToDictionary(series => series.Labels);
        foreach (var series in theirs.Matrix)
        {
            if (!own.Remove(series.Labels, out var same))
                return $"series {series.Labels}: theirs begins with {Tell(series.Samples[0])}, ours has none like it";
            if (Find(series.Samples, same.Samples) is { } difference)
                return $"series {series.Labels}: {difference}";
        }

        return own.Count == 0 ? null : $"series {own.Values.First().Labels}: only ours has it, it begins with {Tell(own.Values.First().Samples[0])}";
    }

    private static string? Find(IReadOnlyList<Sample> theirs, IReadOnlyList<Sample> ours)
    {
        for (var i = 0; i < Math.Min(theirs.Count, ours.Count); i++)
        {
            if (theirs[i].UnixMilliseconds != ours[i].UnixMilliseconds || !AreEqual(theirs[i].Value, ours[i].Value))
                return $"theirs {Tell(theirs[i])}, ours {Tell(ours[i])}";
        }

        return theirs.Count == ours.Count ? null : $"theirs has {theirs.Count} steps, ours {ours.Count}; one goes on with {Tell(theirs.Concat(ours).MaxBy(sample => sample.UnixMilliseconds))}";
    }

    private static bool AreEqual(double theirs, double ours) => theirs.Equals(ours)
        || Math.Abs(theirs - ours) <= Tolerance * Math.Max(Math.Abs(theirs), Math.Abs(ours));

    private static string Tell(Sample sample) =>
        string.Create(CultureInfo.InvariantCulture, $"{sample.Value:R} at {DateTimeOffset.FromUnixTimeMilliseconds(sample.UnixMilliseconds):HH:mm:ss.fff}");
}

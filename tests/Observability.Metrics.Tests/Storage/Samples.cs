using Observability.Model;

namespace Observability.Metrics.Tests;

internal static class Samples
{
    public static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(10_000);

    public static LabelSet Labels(string name, params ReadOnlySpan<(string, string)> labels) =>
        LabelSet.Of([(LabelSet.MetricNameLabel, name), .. labels]);

    public static SampleBatch Batch(DateTimeOffset at, params ReadOnlySpan<(LabelSet Labels, double Value)> samples)
    {
        var list = new List<SeriesSample>();
        foreach (var (labels, value) in samples)
            list.Add(new SeriesSample(labels, new Sample(at.ToUnixTimeMilliseconds(), value)));
        return new SampleBatch("test", at, list);
    }

    /// <summary>All samples of all series, as <c>labels time value</c>.</summary>
    public static List<string> Dump(SeriesStore store)
    {
        var lines = new List<string>();
        foreach (var series in store.Select([]))
        {
            var samples = new SampleBuffer();
            series.Read(long.MinValue, long.MaxValue, samples);
            for (var i = 0; i < samples.Count; i++)
                lines.Add($"{series.Labels} {samples.Times[i]} {samples.Values[i]}");
        }

        return lines;
    }
}

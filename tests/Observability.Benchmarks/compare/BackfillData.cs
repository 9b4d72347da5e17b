using System.Globalization;

namespace Observability.Benchmarks;

/// <summary>Files with the same samples in the two spellings that backfilling takes.</summary>
internal static class BackfillData
{
    /// <summary>Seconds between two samples of a series.</summary>
    public const int Step = 15;

    /// <summary>Metrics of one kind; each has <see cref="SeriesPerMetric"/> series.</summary>
    public const int MetricsPerKind = 10;

    /// <summary>Series of one metric: 10 instances with 10 GPUs each.</summary>
    public const int SeriesPerMetric = 100;

    /// <summary>Writes OpenMetrics (seconds) or Prometheus text (milliseconds).</summary>
    /// <param name="path">The file.</param>
    /// <param name="openMetrics">Which of the two.</param>
    /// <param name="kinds">Numbers of the kinds of <see cref="SampleMix"/>.</param>
    /// <param name="begin">Unix seconds of the first sample.</param>
    /// <param name="samples">Samples per series.</param>
    /// <param name="jitter">Whether times are off by up to 25 ms, as scrapes are.</param>
    public static void Write(string path, bool openMetrics, int[] kinds, long begin, int samples, bool jitter)
    {
        using var text = new StreamWriter(path) { NewLine = "\n" };
        foreach (var kind in kinds)
        {
            for (var metric = 0; metric < MetricsPerKind; metric++)
            {
                var family = $"bench_{SampleMix.Kinds[kind]}_{metric}";
                var name = kind == 0 ? family + "_total" : family;
                text.WriteLine($"# TYPE {(openMetrics ? family : name)} {(kind == 0 ? "counter" : "gauge")}");
                for (var i = 0; i < SeriesPerMetric; i++)
                    WriteSeries(text, name, kind == 0 ? metric : 0, i, (((metric * SeriesPerMetric) + i) * 4) + kind, (openMetrics, begin, samples, jitter));
            }
        }

        if (openMetrics)
            text.WriteLine("# EOF");
    }

    // Counters of different names differ in a label too: a query that takes the rate of all of them drops the names.
    private static void WriteSeries(StreamWriter text, string name, int port, int i, int series, (bool OpenMetrics, long Begin, int Samples, bool Jitter) how)
    {
        var labels = $"{name}{{instance=\"10.0.0.{i / 10}:{9_400 + port}\",gpu=\"{i % 10}\",job=\"dcgm\",node=\"node-{i / 10:000}\",device=\"nvidia{i % 10}\"}}";
        for (var tick = 0; tick < how.Samples; tick++)
        {
            var at = ((how.Begin + ((long)tick * Step)) * 1_000) + (how.Jitter ? SampleMix.Jitter(series, tick) : 0);
            var value = SampleMix.Value(series, tick).ToString("R", CultureInfo.InvariantCulture);
            text.WriteLine(how.OpenMetrics ? string.Create(CultureInfo.InvariantCulture, $"{labels} {value} {at / 1_000}.{at % 1_000:000}") : $"{labels} {value} {at}");
        }
    }
}

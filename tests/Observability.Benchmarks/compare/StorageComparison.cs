namespace Observability.Benchmarks;

/// <summary>Bytes per sample of the same backfilled data, per kind of value, with and without the jitter of real scrapes.</summary>
internal static class StorageComparison
{
    private const int Samples = 960;

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var begin = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 7_200 * 7_200) - 14_400;
        foreach (var jitter in (bool[])[true, false])
        {
            var table = new Table(
                $"Bytes per sample, 1,000 series of each kind, {Samples} samples each, {(jitter ? "±25 ms of jitter" : "no jitter")}",
                "kind", "platform", "prometheus", "victoria-metrics", "platform / prometheus", "platform / victoria-metrics", "index B/series: platform", "prometheus", "victoria-metrics");
            var sums = new double[3];
            for (var kind = 0; kind < SampleMix.Kinds.Length; kind++)
            {
                var loaded = await LoadAsync([kind], begin, jitter, cancellationToken);
                var samples = (double)Samples * BackfillData.MetricsPerKind * BackfillData.SeriesPerMetric;
                var bytes = loaded.Select(one => one.SampleBytes / samples).ToArray();
                for (var i = 0; i < sums.Length; i++)
                    sums[i] += bytes[i] / SampleMix.Kinds.Length;
                Add(table, SampleMix.Kinds[kind], bytes, [.. loaded.Select(one => one.IndexBytes / BackfillData.MetricsPerKind / BackfillData.SeriesPerMetric)]);
            }

            Add(table, "all", sums, []);
            table.Print();
        }

        return 0;
    }

    private static void Add(Table table, string name, double[] bytes, double[] index) => table.Add(
        name, bytes[0], bytes[1], bytes[2], bytes[0] / bytes[1], bytes[0] / bytes[2],
        index.Length > 0 ? index[0] : null, index.Length > 0 ? index[1] : null, index.Length > 0 ? index[2] : null);

    private static async Task<Backfill.Loaded[]> LoadAsync(int[] kinds, long begin, bool jitter, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("observability-storage-");
        try
        {
            var (openMetrics, text) = (Path.Combine(folder.FullName, "data.om"), Path.Combine(folder.FullName, "data.prom"));
            BackfillData.Write(openMetrics, openMetrics: true, kinds, begin, Samples, jitter);
            BackfillData.Write(text, openMetrics: false, kinds, begin, Samples, jitter);
            var loaded = new List<Backfill.Loaded>();
            foreach (var contender in Contender.All)
                loaded.Add(await Backfill.LoadAsync(contender, folder.CreateSubdirectory(contender.Name).FullName, openMetrics, text, cancellationToken));
            return [.. loaded];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

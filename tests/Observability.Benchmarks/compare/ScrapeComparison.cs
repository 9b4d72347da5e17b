namespace Observability.Benchmarks;

/// <summary>
/// What scraping costs: each contender alone scrapes the same exporters for a while. CPU per sample, resident memory, and how both
/// grow with the number of series. With a rule file, also what its evaluation adds.
/// </summary>
internal static class ScrapeComparison
{
    public static async Task<int> RunAsync(int[] sizes, Pace pace, bool alone, CancellationToken cancellationToken)
    {
        var table = new Table(
            $"Scrape, {pace.Interval.TotalSeconds:0} s interval, {pace.Rounds} rounds after {pace.WarmUp} of warm-up",
            "contender, series", "CPU us/sample", "CPU / prometheus", "RSS MiB", "peak MiB", "RSS / victoria-metrics", "samples missed %");
        foreach (var size in sizes)
        {
            var costs = new Dictionary<string, ScrapeCost>();
            foreach (var contender in alone ? [Contender.Platform] : Contender.All)
                costs[contender.Name] = await MeasureAsync(contender, size, pace, null, cancellationToken);
            double? Of(Contender contender, Func<ScrapeCost, double> what) => costs.TryGetValue(contender.Name, out var cost) ? what(cost) : null;
            foreach (var (name, cost) in costs)
            {
                table.Add(
                    $"{name}, {size:#,0}", cost.MicrosecondsPerSample, cost.MicrosecondsPerSample / Of(Contender.Prometheus, other => other.MicrosecondsPerSample),
                    cost.ResidentMiB, cost.PeakMiB, cost.ResidentMiB / Of(Contender.VictoriaMetrics, other => other.ResidentMiB), 100 * cost.Missed);
            }
        }

        table.Print();
        return 0;
    }

    /// <summary>The rule group alone: CPU with it less CPU without it, over the same rounds.</summary>
    public static async Task<int> RunRulesAsync(int size, Pace pace, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("observability-rules-");
        try
        {
            var file = Path.Combine(folder.FullName, "compare.rules.yaml");
            await File.WriteAllTextAsync(file, ComparedRules.Yaml(), cancellationToken);
            var table = new Table($"{ComparedRules.Count} rules over {size:#,0} series, per evaluation", "contender", "CPU s/pass", "CPU / prometheus", "CPU s/round without", "RSS MiB with");
            var costs = new List<(string Name, double Pass, double Without, double Resident)>();
            foreach (var contender in (Contender[])[Contender.Platform, Contender.Prometheus])
            {
                var without = await MeasureAsync(contender, size, pace, null, cancellationToken);
                var with = await MeasureAsync(contender, size, pace, file, cancellationToken);
                costs.Add((contender.Name, (with.CpuSeconds - without.CpuSeconds) / pace.Rounds, without.CpuSeconds / pace.Rounds, with.ResidentMiB));
            }

            foreach (var (name, pass, without, resident) in costs)
                table.Add(name, pass, pass / costs[1].Pass, without, resident);
            table.Print();
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<ScrapeCost> MeasureAsync(
        Contender contender, int size, Pace pace, string? rules, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("observability-scrape-");
        try
        {
            var targets = size / pace.SeriesPerTarget;
            var (exporters, line) = await MeasuredProcess.StartAsync(
                "taskset", ["-c", Contender.OtherCores, "dotnet", typeof(ScrapeComparison).Assembly.Location, "exporters", "--targets", $"{targets}", "--series", $"{pace.SeriesPerTarget}"],
                folder.FullName, line => line.StartsWith(ExporterFleet.Ready, StringComparison.Ordinal));
            await using var one = exporters;
            var (server, url) = await contender.StartAsync(new Setup(folder.FullName, line[ExporterFleet.Ready.Length..] + "/targets", pace.Interval, rules));
            await using var two = server;
            await Task.Delay(pace.Interval * pace.WarmUp, TimeProvider.System, cancellationToken);

            using var http = new HttpClient();
            var client = new PrometheusClient(http, url);
            var (cpu, peakBefore) = (server.CpuSeconds, server.PeakMiB);
            await Task.Delay(pace.Interval * pace.Rounds, TimeProvider.System, cancellationToken);
            cpu = server.CpuSeconds - cpu;
            var (resident, peak) = (server.ResidentMiB, server.PeakMiB);
            // What is stored of the rounds, in the eyes of a query; every target serves this name and all others equally often.
            var window = $"{(int)(pace.Interval * pace.Rounds).TotalSeconds}s";
            var stored = ExporterFleet.Names.Length * await client.ScalarAsync($"sum(count_over_time({ExporterFleet.Names[0]}[{window}]))", cancellationToken);
            var wanted = (double)size * pace.Rounds;
            System.Console.Error.WriteLine($"{contender.Name} {size} series{(rules is null ? "" : " with rules")}: {cpu:0.00} CPU s, {stored:0} of {wanted:0} samples, {resident:0} MiB (peak {peak:0}, {peakBefore:0} before)");
            if (rules is not null)
                System.Console.Error.WriteLine($"  recorded series: {await client.ScalarAsync("count({__name__=~\"compare:.+\"})", cancellationToken)}");
            return new ScrapeCost(cpu, Math.Min(wanted, stored), resident, peak, Math.Max(0, 1 - (stored / wanted)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>How long a contender is watched.</summary>
    /// <param name="Interval">Between two scrapes.</param>
    /// <param name="WarmUp">Scrapes before the measured ones: the first creates the series, and code is compiled during the next.</param>
    /// <param name="Rounds">Scrapes that are measured.</param>
    public sealed record Pace(TimeSpan Interval, int WarmUp, int Rounds)
    {
        /// <summary>How many series one target serves.</summary>
        public int SeriesPerTarget { get; init; } = 1_000;
    }

    private sealed record ScrapeCost(double CpuSeconds, double Samples, double ResidentMiB, double PeakMiB, double Missed)
    {
        public double MicrosecondsPerSample => 1e6 * CpuSeconds / Samples;
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Observability.Testing;

namespace Observability.Benchmarks;

/// <summary>Loads the same samples into each contender's state folder, each by its own way of backfilling.</summary>
internal static partial class Backfill
{
    /// <summary>Bytes on disk and the CPU that loading took.</summary>
    public sealed record Loaded(double SampleBytes, double IndexBytes, double CpuSeconds);

    /// <summary>Loads; the folder can then be served by the contender.</summary>
    public static Task<Loaded> LoadAsync(Contender contender, string folder, string openMetrics, string text, CancellationToken cancellationToken) =>
        contender == Contender.Platform ? PlatformAsync(folder, openMetrics)
        : contender == Contender.Prometheus ? PrometheusAsync(folder, openMetrics)
        : VictoriaMetricsAsync(folder, text, cancellationToken);

    private static async Task<Loaded> PlatformAsync(string folder, string file)
    {
        var configuration = await Contender.WritePlatformConfigurationAsync(new Setup(folder), Loopback.FreePort());
        var run = (await Contender.RunPinnedAsync("dotnet", [Contender.ServerAssembly, "import", file, "--config", configuration], folder)).Successful();
        var database = Directory.GetFiles(Path.Combine(folder, "state"), "*.db").Select(path => new FileInfo(path)).Single(info => info.Name == "series.db");
        var chunks = Scalar(database.FullName, "SELECT sum(length(bytes)) FROM chunks");
        return new Loaded(chunks, database.Length - chunks, run.CpuSeconds);
    }

    private static async Task<Loaded> PrometheusAsync(string folder, string file)
    {
        var tsdb = Path.Combine(folder, "tsdb");
        var run = (await Contender.RunPinnedAsync("promtool", ["tsdb", "create-blocks-from", "openmetrics", file, tsdb], folder)).Successful();
        return new Loaded(Size(tsdb, path => path.Contains("/chunks/", StringComparison.Ordinal)), Size(tsdb, path => path.EndsWith("/index", StringComparison.Ordinal)), run.CpuSeconds);
    }

    private static async Task<Loaded> VictoriaMetricsAsync(string folder, string file, CancellationToken cancellationToken)
    {
        var (server, url) = await Contender.VictoriaMetrics.StartAsync(new Setup(folder));
        await using var one = server;
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        await using (var body = File.OpenRead(file))
        {
            using var answer = await http.PostAsync($"{url}/api/v1/import/prometheus", new StreamContent(body), cancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        var cpu = server.CpuSeconds;
        await http.GetStringAsync($"{url}/internal/force_flush", cancellationToken);
        await http.GetStringAsync($"{url}/internal/force_merge", cancellationToken);
        // Merging goes on behind the answer: wait until sizes stand still.
        var (before, metrics) = ("", "");
        do
        {
            before = metrics;
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, cancellationToken);
            metrics = string.Join('\n', SizeLine().Matches(await http.GetStringAsync($"{url}/metrics", cancellationToken)).Select(match => match.Value));
        }
        while (metrics != before);
        var sizes = SizeLine().Matches(metrics).ToLookup(match => match.Groups[1].Value.StartsWith("storage", StringComparison.Ordinal), match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        // It writes everything at its own end only where it is asked to end.
        return new Loaded(sizes[true].Sum(), sizes[false].Sum(), cpu);
    }

    private static double Size(string folder, Func<string, bool> counts) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(counts).Sum(path => (double)new FileInfo(path).Length);


    private static double Scalar(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToDouble(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("""^vm_data_size_bytes\{type="([^"]+)"\} (\S+)$""", RegexOptions.Multiline)]
    private static partial Regex SizeLine();
}

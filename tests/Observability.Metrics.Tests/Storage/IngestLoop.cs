using System.Globalization;
using Observability.Model;
using static Observability.Metrics.Tests.Samples;

namespace Observability.Metrics.Tests;

/// <summary>
/// Ingests for ever, one batch per second of its own time, flushes beside that, and prints the number of the last batch that a finished
/// flush holds, until it is killed. It goes on where the file ends.
/// </summary>
internal static class IngestLoop
{
    public const string Argument = "ingest-loop";
    private const int SeriesCount = 20;

    public static MetricsOptions Options(string path) => new()
    {
        DatabasePath = path,
        SamplesPerChunk = 30,
        OutOfOrderWindow = TimeSpan.FromMinutes(10),
        CheckpointInterval = TimeSpan.FromSeconds(40),
        Retention = TimeSpan.FromDays(3_650),
    };

    public static async Task<int> RunAsync(string path)
    {
        await using var store = new SeriesStore(Options(path));
        // The newest batch may be there in part: what a sealed chunk holds is written before the batch's own row. Sent again, it is whole.
        var first = Dump(store).Select(line => Last(line)).DefaultIfEmpty(1).Max();
        for (var batch = first; ; batch += 5)
        {
            // The flush runs while the next batches arrive, as in the server.
            var flush = store.FlushAsync(Start.AddSeconds(batch), CancellationToken.None);
            for (var i = batch; i < batch + 5; i++)
                store.Append(BatchOf(i));
            await flush;
            await store.FlushAsync(Start.AddSeconds(batch + 5), CancellationToken.None);
            await System.Console.Out.WriteLineAsync($"flushed {(batch + 4).ToString(CultureInfo.InvariantCulture)}");
        }
    }

    /// <summary>Every series at the batch's time; every third batch also brings late what the first series left out seven batches ago.</summary>
    public static SampleBatch BatchOf(int number)
    {
        var samples = new List<SeriesSample>();
        for (var i = 0; i < SeriesCount; i++)
        {
            if (i > 0 || number % 3 != 0)
                samples.Add(Of(i, number));
        }

        if (number % 3 == 1 && number > 7)
            samples.Add(Of(0, number - 7));
        return new SampleBatch("loop", Start.AddSeconds(number), samples);
    }

    /// <summary>What the file must hold of the batches up to a number, as <see cref="Dump"/> says it.</summary>
    public static HashSet<string> Expected(int number) => [.. Enumerable.Range(1, number)
        .SelectMany(batch => BatchOf(batch).Samples.Select(sample => $"{sample.Labels} {sample.Sample.UnixMilliseconds} {sample.Sample.Value}"))];

    private static SeriesSample Of(int series, int batch) => new(
        Labels("loop", ("i", $"{series}")), new Sample(Start.AddSeconds(batch).ToUnixTimeMilliseconds(), batch));

    private static int Last(string line) => int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
}

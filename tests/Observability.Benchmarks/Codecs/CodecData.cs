using System.Text;
using Observability.Collectors;
using Observability.Metrics;
using Observability.Simulator;

namespace Observability.Benchmarks;

/// <summary>Series over hours to try codecs on. Times keep their beat to a few milliseconds, as scrapes do.</summary>
internal static class CodecData
{
    private const int JitterMilliseconds = 5;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What the exporters of a simulated fleet say within two hours, scraped every 10 s.</summary>
    public static List<SampleBuffer> Fleet()
    {
        var fleet = new Fleet(new FleetOptions { Nodes = 4, Seed = 20_261_127 }, Start);
        var random = new Random(1);
        var series = new Dictionary<string, SampleBuffer>(StringComparer.Ordinal);
        for (var second = 10; second <= 7_200; second += 10)
        {
            var at = Start.AddSeconds(second);
            fleet.Advance(at);
            foreach (var (node, index) in fleet.SimNodes.Select((node, index) => (node, index)))
            {
                var time = at.AddMilliseconds(random.Next(-JitterMilliseconds, JitterMilliseconds + 1));
                var (samples, _) = ExpositionText.Read(Encoding.UTF8.GetBytes(DcgmExporter.Render(node, fleet) + NodeExporter.Render(node, fleet)), ExpositionFormat.Text, time);
                foreach (var sample in samples)
                    Of(series, $"{index} {sample.Labels}").Add(sample.Sample.UnixMilliseconds, sample.Sample.Value);
            }
        }

        return [.. series.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
    }

    /// <summary>Four hours at 15 s of one kind each: the mix of the published comparison of Prometheus and VictoriaMetrics.</summary>
    public static List<SampleBuffer> Kind(string kind)
    {
        var random = new Random(kind.Length);
        var all = new List<SampleBuffer>();
        for (var i = 0; i < 100; i++)
        {
            var (buffer, value) = (new SampleBuffer(), (double)random.Next(50, 1_000));
            for (var second = 15; second <= 14_400; second += 15)
            {
                value = kind switch
                {
                    "counter" => value + random.Next(0, 2_000),
                    "gauge" => Math.Clamp(value + random.Next(-2, 3), 20, 1_200),
                    "gauge, 3 decimals" => Math.Round(value + (random.NextDouble() - 0.5), 3),
                    "random double" => random.NextDouble(),
                    _ => value,
                };
                buffer.Add(Start.AddSeconds(second).ToUnixTimeMilliseconds() + random.Next(-JitterMilliseconds, JitterMilliseconds + 1), value);
            }

            all.Add(buffer);
        }

        return all;
    }

    private static SampleBuffer Of(Dictionary<string, SampleBuffer> series, string key)
    {
        if (!series.TryGetValue(key, out var buffer))
            series[key] = buffer = new SampleBuffer();
        return buffer;
    }
}

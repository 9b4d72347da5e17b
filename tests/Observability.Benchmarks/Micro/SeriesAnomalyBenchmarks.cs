using BenchmarkDotNet.Attributes;
using Observability.Alerting;

namespace Observability.Benchmarks;

/// <summary>A row of a single series scored and learned, with the memory of earlier states full.</summary>
[MemoryDiagnoser]
public class SeriesAnomalyBenchmarks
{
    private const int Rows = 10_000;
    private static readonly DateTimeOffset s_start = DateTimeOffset.FromUnixTimeSeconds(1_772_366_400);

    private readonly double[] _values = new double[Rows];
    private SeriesAnomalyDetector _detector = new(new SeriesAnomalyOptions());
    private int _row;

    /// <summary>Earlier states that are compared with.</summary>
    [Params(1_000, 4_000)]
    public int MemoryRows { get; set; }

    /// <summary>A daily course with noise; the detector has seen it once.</summary>
    [GlobalSetup]
    public void Setup()
    {
#pragma warning disable CA5394 // Noise wants repeatable numbers, not secret ones.
        var random = new Random(1);
        for (var row = 0; row < Rows; row++)
            _values[row] = (10 * Math.Sin(2 * Math.PI * row / 288)) + random.NextDouble();
#pragma warning restore CA5394
        _detector = new SeriesAnomalyDetector(new SeriesAnomalyOptions { MemoryRows = MemoryRows });
        for (_row = 0; _row < Rows; _row++)
            Observe();
    }

    /// <summary>One row.</summary>
    [Benchmark]
    public double Observe() => _detector.Observe(s_start.AddMinutes(5.0 * _row), _values[_row++ % Rows]).Score;
}

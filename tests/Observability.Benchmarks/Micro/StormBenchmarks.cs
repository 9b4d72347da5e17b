using BenchmarkDotNet.Attributes;
using Observability.Model;
using Observability.Testing;

namespace Observability.Benchmarks;

/// <summary>
/// Alerts per second through the whole pipeline — admitted, journaled, reduced, correlated, ranked, a runbook chosen — on
/// one thread with the journal in memory; building the pipeline, a few milliseconds, is counted in. A fault takes a leaf switch and what hangs on it: every alert is a different one.
/// </summary>
[MemoryDiagnoser]
public class StormBenchmarks
{
    private const int Alerts = 10_000;
    private const int Nodes = 256;
    private const int Repeats = 50;
    private static readonly string[] Names = ["RdmaLinkFlapping", "RdmaRetransmits", "NcclTimeout", "JobNoProgress", "GpuUtilizationLow"];

    private readonly Alert[] _alerts = [.. Enumerable.Range(0, Alerts).Select(Of)];
    /// <summary>A storm of different alerts within half a minute, and the half minute in which its incidents settle.</summary>
    [Benchmark(OperationsPerInvoke = Alerts)]
    public async Task StormAsync()
    {
        await using var run = await StormRun.StartAsync(Nodes);
        foreach (var second in _alerts.Chunk(Alerts / 30))
            await run.StepAsync(second);
        for (var settle = 0; settle < 30; settle++)
            await run.StepAsync([]);
    }

    /// <summary>The same alerts said again by their senders: deduplication stops them.</summary>
    [Benchmark(OperationsPerInvoke = Repeats * Alerts)]
    public async Task RepeatsAsync()
    {
        await using var run = await StormRun.StartAsync(Nodes);
        for (var repeat = 0; repeat < Repeats; repeat++)
            await run.StepAsync(_alerts);
    }

    private static Alert Of(int i)
    {
        var (node, nic) = (i / 8 % Nodes, i % 8);
        var name = Names[i / (8 * Nodes) % Names.Length];
        return new Alert
        {
            Labels = LabelSet.Of(
                (AlertLabel.Name, name), (AlertLabel.Severity, "warning"), ("node", Fleets.Node(node)), ("device", $"mlx5_{nic}"),
                (AlertLabel.Entity, Fleets.Nic(node, nic).ToString()), ("sample", $"{i / (8 * Nodes * Names.Length)}")),
            State = AlertState.Firing,
            StartsAt = Fleets.Start.AddMinutes(10),
            UpdatedAt = Fleets.Start.AddMinutes(10),
            Annotations = LabelSet.Of(("summary", $"{name} on {Fleets.Node(node)}/mlx5_{nic}")),
        };
    }
}

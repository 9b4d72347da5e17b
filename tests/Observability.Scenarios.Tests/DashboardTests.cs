using System.Text.Json;
using Observability.Metrics;
using Observability.Model;
using Observability.Server;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.Scenarios.Tests;

/// <summary>Every panel of <c>dashboards/</c> shows something when the fleet has the faults it looks for.</summary>
public sealed class DashboardTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task EveryQuery_ReturnsDataOnAFleetThatFails()
    {
        var root = SharedData.RepositoryRoot();
        await using var run = await DemoRun.StartAsync(
            new DemoOptions { Nodes = 12, Seed = 11, Speed = 0, Listen = "127.0.0.1:0", Content = root, Telemetry = FleetTelemetry.Clocks | FleetTelemetry.Switches | FleetTelemetry.Optics }, Start, _ => { }, CancellationToken.None);
        Inject(run.Fleet, FaultClass.RowRemapPending, "node-001/gpu2");
        Inject(run.Fleet, FaultClass.PcieWidthLoss, "node-003/gpu5");
        Inject(run.Fleet, FaultClass.SlowNic, "node-005/mlx5_1");
        Inject(run.Fleet, FaultClass.LeafFlap, "leaf-0-r3");

        var silent = Queries(Path.Combine(root, "dashboards")).ToDictionary(query => query, _ => "", StringComparer.Ordinal);
        for (var at = Start.AddSeconds(180); silent.Count > 0 && at <= Start.AddSeconds(600); at = at.AddSeconds(20))
        {
            await run.RunUntilAsync(at, CancellationToken.None);
            foreach (var query in silent.Keys.ToList())
            {
                var result = await run.Platform.Queries.QueryAsync(query.Split('\t')[1], at, CancellationToken.None);
                Assert.True(result.Error is null, $"{query}: {result.Error}");
                if (double.IsFinite(result.Scalar.Value) && result.Kind == QueryResultKind.Scalar || result.Vector.Any(series => double.IsFinite(series.Sample.Value)))
                    silent.Remove(query);
            }
        }

        Assert.Empty(silent.Keys);
    }

    private static void Inject(Fleet fleet, string kind, string place)
    {
        var entity = fleet.Topology().Entities.First(entity => entity.DisplayName == place).Id;
        fleet.Inject(new FaultSpec($"{kind}-{place}", kind, entity, Start.AddSeconds(120), TimeSpan.FromSeconds(300)));
    }

    // Grafana fills variables in before it asks.
    private static IEnumerable<string> Queries(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*.json").Order())
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var panel in document.RootElement.GetProperty("panels").EnumerateArray())
            {
                foreach (var target in panel.GetProperty("targets").EnumerateArray())
                {
                    yield return $"{Path.GetFileName(file)}, {panel.GetProperty("title").GetString()}\t" + target.GetProperty("expr").GetString()!
                        .Replace("$node", ".*", StringComparison.Ordinal).Replace("$job_name", ".*", StringComparison.Ordinal);
                }
            }
        }
    }
}

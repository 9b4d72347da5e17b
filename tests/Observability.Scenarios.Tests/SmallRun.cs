using Observability.Server;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.Scenarios.Tests;

/// <summary>The demo's platform around a fleet of twelve nodes with three jobs and no faults of its own, moved by the test.</summary>
internal static class SmallRun
{
    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Task<DemoRun> StartAsync(FleetTelemetry telemetry = FleetTelemetry.None) => DemoRun.StartAsync(
        new DemoOptions { Nodes = 12, Seed = 7, Speed = 0, Listen = "127.0.0.1:0", Content = SharedData.RepositoryRoot(), Telemetry = telemetry }, Start, _ => { }, CancellationToken.None);
}

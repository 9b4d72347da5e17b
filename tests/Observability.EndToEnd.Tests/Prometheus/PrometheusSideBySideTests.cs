using Observability.Model;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.EndToEnd.Tests;

/// <summary>
/// Debian's Prometheus evaluates the shipped rules on a simulated fleet and pushes its alerts to one platform; another platform
/// evaluates the same rules on the same fleet itself. Both must tell the same story.
/// </summary>
public sealed class PrometheusSideBySideTests : IDisposable
{
    private const string Binary = "/usr/bin/prometheus";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RuleInterval = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("prometheus-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SameRulesOnTheSameFleet_GiveTheSameIncidents()
    {
        Assert.SkipUnless(File.Exists(Binary), $"{Binary} is not installed (package prometheus)");
        var start = TimeProvider.System.GetUtcNow();
        await using var simulator = new SimulatorHost(new Fleet(new FleetOptions { Nodes = 8, Seed = 3 }, start), TimeProvider.System);
        await simulator.StartAsync(CancellationToken.None);
        await using var own = await AlertedPlatform.StartAsync(simulator, Interval);
        await using var pushed = await AlertedPlatform.StartAsync(simulator, scrapeInterval: null);
        await using var prometheus = StartPrometheus(simulator.Url, pushed.Authority);
        await prometheus.WaitForLineAsync(line => line.Contains("Server is ready", StringComparison.Ordinal), TimeSpan.FromMinutes(1));
        var roots = Inject(simulator.Fleet, TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(75));

        var agreed = await RealTime.PassAsync(
            async now =>
            {
                simulator.Advance(now);
                await own.Platform.StepAsync(now, CancellationToken.None);
                await pushed.Platform.StepAsync(now, CancellationToken.None);
            },
            () => roots.TrueForAll(root => Of(own, root) is not null && Of(pushed, root) is not null),
            TimeSpan.FromMinutes(6));

        Assert.True(agreed, $"own rules:\n{Tell(own)}\nPrometheus:\n{Tell(pushed)}\n{prometheus.Text}");
        Assert.Equal(Roots(own), Roots(pushed));
        foreach (var root in roots)
        {
            var apart = (Of(own, root)!.OpenedAt - Of(pushed, root)!.OpenedAt).Duration();
            Assert.True(apart <= 2 * RuleInterval, $"{root}: {apart} apart\nown rules:\n{Tell(own)}\nPrometheus:\n{Tell(pushed)}");
        }
    }

    private static List<EntityId> Inject(Fleet fleet, DateTimeOffset at)
    {
        var topology = fleet.Topology();
        EntityId Named(string name) => topology.Entities.First(entity => entity.DisplayName == name).Id;
        FaultSpec[] faults =
        [
            new("gpu", FaultClass.EccUncontained, Named("node-001/gpu3"), at, TimeSpan.FromMinutes(20)),
            new("nic", FaultClass.SlowNic, Named("node-005/mlx5_2"), at.AddSeconds(20), TimeSpan.FromMinutes(20)),
            new("monitor", FaultClass.MonitorSilent, Named("node-007/node"), at.AddSeconds(40), TimeSpan.FromMinutes(20)),
        ];
        foreach (var fault in faults)
            fleet.Inject(fault);
        return [.. faults.Select(fault => fault.Entity)];
    }

    private static Incident? Of(AlertedPlatform platform, EntityId root) => platform.Incidents.FirstOrDefault(incident => incident.Verdict?.Entity == root);

    private static IEnumerable<string> Roots(AlertedPlatform platform) =>
        platform.Incidents.Select(incident => $"{incident.Verdict?.FaultClass} {incident.Verdict?.Entity}").Order(StringComparer.Ordinal);

    private static string Tell(AlertedPlatform platform) => string.Join('\n', platform.Incidents.Select(incident =>
        $"{incident.OpenedAt:HH:mm:ss} {incident.AlertCount} alerts on {string.Join(", ", incident.Entities.Take(5))}: {incident.Verdict?.Summary}"));

    private ChildProcess StartPrometheus(Uri simulator, string alertmanager)
    {
        var config = Path.Combine(_folder, "prometheus.yml");
        // Prometheus takes a wildcard in the last part of a path only.
        var rules = Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot(), "rules"), "*.rules.yaml", SearchOption.AllDirectories);
        File.WriteAllText(config, $$"""
            global:
              scrape_interval: {{Interval.TotalSeconds}}s
              scrape_timeout: {{Interval.TotalSeconds}}s
              evaluation_interval: {{RuleInterval.TotalSeconds}}s
            rule_files: ["{{string.Join("\", \"", rules)}}"]
            alerting:
              alertmanagers:
                - static_configs:
                    - targets: ["{{alertmanager}}"]
            scrape_configs:
              - job_name: fleet
                http_sd_configs:
                  - url: "{{new Uri(simulator, "targets")}}"
                    refresh_interval: 5s
            """);
        return ChildProcess.Start(_folder, Binary, $"--config.file={config}", $"--storage.tsdb.path={_folder}/data", "--web.listen-address=127.0.0.1:0");
    }
}

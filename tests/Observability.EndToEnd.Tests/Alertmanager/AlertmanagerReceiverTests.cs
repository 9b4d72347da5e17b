using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Observability.Model;
using Observability.Simulator;

namespace Observability.EndToEnd.Tests;

/// <summary>Debian's Alertmanager with our webhook as its receiver drives the same pipeline.</summary>
public sealed class AlertmanagerReceiverTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("alertmanager-").FullName;
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task AlertsPostedToAlertmanager_BecomeAnIncidentWithItsRoot_AndEndWhenTheyEnd()
    {
        await using var simulator = new SimulatorHost(new Fleet(new FleetOptions { Nodes = 4, Seed = 3 }, TimeProvider.System.GetUtcNow()), TimeProvider.System);
        await simulator.StartAsync(CancellationToken.None);
        await using var platform = await AlertedPlatform.StartAsync(simulator, scrapeInterval: null);
        await using var alertmanager = await RealServer.AlertmanagerAsync(_folder, Config(platform.Authority));
        var api = new Uri(alertmanager.Http.BaseAddress!, "/api/v2/alerts");
        var gpu = simulator.Fleet.Topology().Entities.First(entity => entity.DisplayName == "node-001/gpu3").Id;

        await PostAsync(api, gpu, ended: false);
        var found = await RealTime.PassAsync(
            now => platform.Platform.StepAsync(now, CancellationToken.None), () => platform.Incidents.Any(incident => incident.Verdict is not null), Limit);

        Assert.True(found, $"{platform.Platform.Snapshots.Current.Alerts.Count} alerts came\n{alertmanager.Text}");
        var incident = Assert.Single(platform.Incidents);
        Assert.Equal((FaultClass.GpuOffBus, (EntityId?)gpu, 2), (incident.Verdict!.FaultClass, incident.Verdict.Entity, incident.AlertCount));

        await PostAsync(api, gpu, ended: true);
        var over = await RealTime.PassAsync(
            now => platform.Platform.StepAsync(now, CancellationToken.None),
            () => platform.Platform.Snapshots.Current.Alerts.Values.All(view => view.Alert.State == AlertState.Resolved), Limit);

        Assert.True(over, alertmanager.Text);
        // Only the quiet time that an incident waits for is left, and nobody outside has a part in it.
        var later = TimeProvider.System.GetUtcNow();
        for (var second = 0; second < 300; second++)
            await platform.Platform.StepAsync(later.AddSeconds(second), CancellationToken.None);
        Assert.Equal(IncidentState.Resolved, Assert.Single(platform.Incidents).State);
    }

    private async Task PostAsync(Uri api, EntityId gpu, bool ended)
    {
        var now = TimeProvider.System.GetUtcNow();
        JsonObject Alert(string name) => new()
        {
            ["labels"] = new JsonObject
            {
                ["alertname"] = name,
                ["node"] = "node-001",
                ["gpu"] = "3",
                ["UUID"] = gpu.Name,
                ["severity"] = "critical",
                ["fault_class"] = FaultClass.GpuOffBus,
            },
            ["annotations"] = new JsonObject { ["summary"] = "the GPU is gone" },
            [ended ? "endsAt" : "startsAt"] = now.ToString("O"),
        };
        using var answer = await _http.PostAsJsonAsync(api, new JsonArray(Alert("GpuVanished"), Alert("GpuCountBelowNormal")));
        answer.EnsureSuccessStatusCode();
    }

    private static string Config(string receiver) => $"""
        route:
          receiver: platform
          group_by: ["node"]
          group_wait: 1s
          group_interval: 2s
          repeat_interval: 1h
        receivers:
          - name: platform
            webhook_configs:
              - url: "http://{receiver}/api/webhooks/alertmanager"
                send_resolved: true
        """;
}

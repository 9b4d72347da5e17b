using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Server;

namespace Observability.EndToEnd.Tests;

/// <summary>Debian's Alertmanager gets from the platform what it would get from Prometheus.</summary>
public sealed class AlertmanagerFedTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("fed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RuleThatFires_StandsInAlertmanagerUntilItEnds()
    {
        await using var alertmanager = await RealServer.AlertmanagerAsync(_folder, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
        var end = TimeProvider.System.GetUtcNow().AddSeconds(15).ToUnixTimeSeconds();
        await using var platform = await StartAsync(alertmanager.Http.BaseAddress!, """
            groups:
              - name: doors
                interval: 1s
                rules:
                  - alert: DoorOpen
                    expr: label_replace(vector(time()), "door", "7", "", "") < END
                    labels: {severity: warning}
                    annotations: {summary: "Door {{ $labels.door }} is open"}
            """.Replace("END", end.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        var shown = new JsonArray();
        async Task PassAsync(DateTimeOffset now)
        {
            await platform.StepAsync(now, CancellationToken.None);
            shown = JsonNode.Parse(await alertmanager.Http.GetStringAsync("/api/v2/alerts"))!.AsArray();
        }

        Assert.True(await RealTime.PassAsync(PassAsync, () => shown.Count > 0, Limit), alertmanager.Text);
        var alert = Assert.Single(shown)!;
        Assert.Equal("""{"alertname":"DoorOpen","door":"7","severity":"warning"}""", alert["labels"]!.ToJsonString());
        Assert.Equal("Door 7 is open", (string?)alert["annotations"]!["summary"]);
        Assert.Equal("active", (string?)alert["status"]!["state"]);
        // Four times the resend delay beyond the evaluation that spoke last.
        var standsFor = DateTimeOffset.Parse((string)alert["endsAt"]!, null) - DateTimeOffset.Parse((string)alert["startsAt"]!, null);
        Assert.InRange(standsFor, TimeSpan.FromSeconds(239), TimeSpan.FromSeconds(260));

        Assert.True(await RealTime.PassAsync(PassAsync, () => shown.Count == 0, Limit), alertmanager.Text);
        Assert.True(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() >= end, "the alert went before its condition did");
    }

    private async Task<Platform> StartAsync(Uri alertmanager, string rules)
    {
        var folder = Path.Combine(_folder, "rules");
        foreach (var name in (string[])["rules", "rules/faults", "rules/slos", "runbooks"])
            Directory.CreateDirectory(Path.Combine(_folder, name));
        await File.WriteAllTextAsync(Path.Combine(folder, "doors.rules.yaml"), rules);
        var (content, findings) = ContentCheck.Read(folder, Path.Combine(_folder, "runbooks"));
        Assert.Empty(findings);
        var options = new ObservabilityOptions();
        options.Server.State = "";
        options.Notify.Alertmanagers = [alertmanager.AbsoluteUri];
        var platform = await Platform.OpenAsync(options, content, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await platform.StartAsync(CancellationToken.None);
        return platform;
    }
}

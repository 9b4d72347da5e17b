using System.Text.Json.Nodes;
using Observability.Model;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>A rule in shadow through the real front doors: it is shown, opens nothing, proves itself by feedback, and stays promoted after a restart.</summary>
public sealed class ShadowTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shadow-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task RuleInShadow_IsPromotedByFeedback_AndIsLiveAfterARestart()
    {
        await using (var world = await StartAsync())
        {
            // Alone it is listed with its mark, and that is all.
            await FireAsync(world, "Tried", 1);
            await world.StepAsync(40);
            Assert.Empty(world.Snapshot.Incidents);
            Assert.True(Assert.Single(world.Snapshot.Alerts.Values).IsShadow);

            // Five times it comes along with a fault that somebody confirms.
            for (var node = 2; node <= 6; node++)
            {
                await FireAsync(world, "DiskFull", node);
                await FireAsync(world, "Tried", node);
                await world.StepAsync(40);
                var open = world.Snapshot.Incidents.Values.Last();
                Assert.Equal((node - 1, 2, "warning"), (world.Snapshot.Incidents.Count, open.Incident.AlertCount, open.Incident.Severity));
                Assert.Equal(200, (await world.PostAsync($"/api/incidents/{open.Incident.Id}/feedback", """{"useful":true}""")).Status);
            }

            await world.StepAsync(130);
            var standing = Json(await world.GetAsync("/api/standings")).Single(one => (string)one!["rule"]! == "external/Tried")!;
            Assert.Equal(("live", "platform", 5), ((string)standing["standing"]!, (string)standing["last"]!["by"]!, (int)standing["last"]!["record"]!["right"]!));
        }

        await using (var world = await StartAsync(TimeSpan.FromHours(1)))
        {
            Assert.Equal(Standing.Live, world.Snapshot.Standings[Tried].Standing);
            var incidents = world.Snapshot.Incidents.Count;
            await FireAsync(world, "Tried", 9);
            await world.StepAsync(5);
            Assert.Equal(incidents + 1, world.Snapshot.Incidents.Count);
        }

        var report = await Invoked.RunAsync(NoiseCommand.Build(), "report", "--state", _folder.FullName, "--json");
        Assert.True(report.Code == 0, report.Error);
        var rule = JsonNode.Parse(report.Output)!["rules"]!.AsArray().Single(one => (string)one!["rule"]! == "external/Tried")!;
        Assert.Equal((7, 6, "live"), ((int)rule["fired"]!, (int)rule["inShadow"]!, (string)rule["standing"]!["standing"]!));
    }

    [Fact]
    public async Task PersonsWord_NeedsAReasonAndIsInForceWithTheNextFiring()
    {
        await using var world = await StartAsync();
        await FireAsync(world, "DiskFull", 1);
        await world.StepAsync();
        var server = world.Http.BaseAddress!.ToString();

        var refused = await Invoked.RunAsync(RulesCommand.Build(), "standing", "external/DiskFull", "--to", "shadow", "--server", server);
        var done = await Invoked.RunAsync(RulesCommand.Build(), "standing", "external/DiskFull", "--to", "shadow", "--pin", "--reason", "a known leak", "--server", server);
        await world.StepAsync();
        var listed = await Invoked.RunAsync(RulesCommand.Build(), "standing", "--server", server);

        Assert.Equal((1, 0), (refused.Code, done.Code));
        Assert.Contains("reason: is empty", refused.Error, StringComparison.Ordinal);
        Assert.Matches("external/DiskFull +shadow pinned since .* a known leak", listed.Output);
        var incidents = world.Snapshot.Incidents.Count;
        await FireAsync(world, "DiskFull", 2);
        await world.StepAsync(40);
        Assert.Equal(incidents, world.Snapshot.Incidents.Count);
    }

    [Fact]
    public async Task FeedbackOnOneAlert_CountsForItsRule()
    {
        await using var world = await StartAsync();
        await FireAsync(world, "Tried", 1);
        await world.StepAsync();
        var fingerprint = $"{world.Snapshot.Alerts.Values.Single().Alert.Fingerprint:x16}";

        Assert.Equal(200, (await world.PostAsync($"/api/alerts/{fingerprint}/feedback", """{"useful":true}""")).Status);
        await world.StepAsync(65);

        var rule = (await world.GetAsync("/api/noise")).Json["rules"]!.AsArray().Single()!;
        Assert.Equal((1, 0), ((int)rule["record"]!["right"]!, (int)rule["record"]!["wrong"]!));
        Assert.Contains("external/Tried", (await Invoked.RunAsync(NoiseCommand.Build(), "report", "--server", world.Http.BaseAddress!.ToString())).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/standings/rule/None", """{"to":"live","reason":"x"}""", 409, "rule rule/None: has not fired yet")]
    [InlineData("/api/standings/toaster/None", """{"to":"live","reason":"x"}""", 400, "toaster/None: is not a rule")]
    [InlineData("/api/standings/rule/None", """{"reason":"x"}""", 400, "to: is missing; write shadow or live")]
    [InlineData("/api/alerts/zz/feedback", """{"useful":true}""", 400, "zz: is not a fingerprint")]
    [InlineData("/api/alerts/00000000000000ff/feedback", "{}", 400, "useful: is missing")]
    [InlineData("/api/alerts/00000000000000ff/feedback", """{"useful":true}""", 409, "alert 00000000000000ff: is unknown")]
    public async Task WordThatCannotBeTaken_SaysWhy(string path, string body, int status, string says)
    {
        await using var world = await World.StartAsync();

        var answer = await world.PostAsync(path, body);

        Assert.Equal(status, answer.Status);
        Assert.Contains(says, (string)answer.Json["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void ShippedRules_AreThoseOfTheRepository()
    {
        var named = ContentCheck.Read(World.Folder("rules"), World.Folder("runbooks")).Content.RuleGroups.SelectMany(group => group.Rules).Where(rule => rule.IsAlert).Select(rule => rule.Name);

        Assert.Equal(named.Distinct().Order(StringComparer.Ordinal), ShippedRules.Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task NoiseReport_WithoutAJournal_Is2AndSaysWhere()
    {
        var run = await Invoked.RunAsync(NoiseCommand.Build(), "report", "--state", _folder.FullName);

        Assert.Equal((2, $"--state: there is no {Path.Combine(_folder.FullName, "journal.db")}"), (run.Code, run.Error.Trim()));
    }

    private static RuleId Tried { get; } = new(AlertOrigin.External, "Tried");

    // Nothing fires but what a test posts: a world without targets has rules of its own to say so.
    private async Task<World> StartAsync(TimeSpan later = default)
    {
        var world = await World.StartAsync(
            options =>
            {
                options.Server.State = _folder.FullName;
                options.Alerting.Shadow = new ShadowSection { Firings = 5, PromoteAt = 0.4, DemoteBelow = 0.3, Settle = TimeSpan.FromMinutes(1) };
            },
            ContentCheck.Read(World.Folder("rules"), World.Folder("runbooks")).Content with { RuleGroups = [], Slos = [] });
        world.Clock.MoveTo(World.Start + later);
        world.Platform.Inlet.Reshape(Fleets.Of(10));
        return world;
    }

    private static async Task FireAsync(World world, string name, int node)
    {
        var standing = name == "Tried" ? "\"annotations\":{\"standing\":\"shadow\"}," : "";
        var severity = name == "Tried" ? "critical" : "warning";
        var posted = await world.PostAsync("/api/v2/alerts", $$$"""[{{{{standing}}}"labels":{"alertname":"{{{name}}}","severity":"{{{severity}}}","node":"node-00{{{node}}}"}}]""");
        Assert.Equal((200, ""), (posted.Status, posted.Body));
        await world.StepAsync();
    }

    private static JsonArray Json(Answer answer) => JsonNode.Parse(answer.Body)!.AsArray();
}

using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using Observability.Storage;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>Silences and announced work through the real front doors: who is told what and when, across restarts in each state.</summary>
public sealed class MuteTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mute-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task SilenceBefore_NobodyIsTold_OverRestarts_UntilItEnds_AndThenOnce()
    {
        await using (var world = await StartAsync(0))
        {
            await SilenceAsync(world, "GpuVanished", 200);
            await FireAsync(world, "GpuVanished");
            await world.StepAsync(40);
            await IsMutedAsync(world, World.Start.AddSeconds(200));
            Assert.Equal(ExecutionState.Suggested, Assert.Single(world.Snapshot.Executions.Values).State);
        }

        // Muted before the restart, muted after it.
        await using (var world = await StartAsync(60))
        {
            await world.StepAsync(60);
            await IsMutedAsync(world, World.Start.AddSeconds(200));
            Assert.Equal("", await ToldAsync());
            await world.StepAsync(100);
            Assert.Null(Assert.Single(world.Snapshot.Incidents.Values).Incident.Mute);
        }

        const string told = "200 INC-000001/Firing/1, 200 INC-000001/Approval/2";
        Assert.Equal(told, await ToldAsync());
        await using (var world = await StartAsync(240))
            await world.StepAsync(20);
        Assert.Equal(told, await ToldAsync());
    }

    [Fact]
    public async Task SilenceThatEndsWhileThePlatformIsAway_TellsOnceWhenItIsBack()
    {
        await using (var world = await StartAsync(0))
        {
            await SilenceAsync(world, "GpuVanished", 100);
            await FireAsync(world, "GpuVanished");
            await world.StepAsync(40);
        }

        for (var start = 300; start <= 400; start += 100)
        {
            await using var world = await StartAsync(start);
            await world.StepAsync(20);
        }

        Assert.Equal("300 INC-000001/Firing/1, 300 INC-000001/Approval/2", await ToldAsync());
    }

    [Fact]
    public async Task SilenceDuring_TheEndOfWhatWasToldStillLeaves()
    {
        await using var world = await StartAsync(0);
        await FireAsync(world, "GpuVanished");
        await world.StepAsync(20);
        await SilenceAsync(world, "GpuVanished", 1_000);
        await world.StepAsync(5);
        await IsMutedAsync(world, World.Start.AddSeconds(1_000));
        await EndAsync(world, "GpuVanished");
        await world.StepAsync(100);

        Assert.Matches("^[0-9]+ INC-000001/Firing/1, [0-9]+ INC-000001/Approval/2, [0-9]+ INC-000001/Resolved/3$", await ToldAsync());
    }

    [Fact]
    public async Task SilenceEndedByHand_TellsThen_AndWhatEndsUnheardLeavesNoResolve()
    {
        await using var world = await StartAsync(0);
        var silence = await SilenceAsync(world, "Gpu.*", 1_000);
        await FireAsync(world, "GpuVanished");
        await FireAsync(world, "GpuThermalThrottle", node: 5);
        await world.StepAsync(40);
        await EndAsync(world, "GpuThermalThrottle", node: 5);
        await world.StepAsync(100);
        Assert.Equal(IncidentState.Resolved, world.Snapshot.Incidents["INC-000002"].Incident.State);
        Assert.Equal("", await ToldAsync());

        var at = (world.Now - World.Start).TotalSeconds + 1;
        var ended = await world.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/silences/{silence}"));
        Assert.True(ended.Status == 200, ended.Body);
        await world.StepAsync(3);

        Assert.Equal($"{at} INC-000001/Firing/1, {at} INC-000001/Approval/2", await ToldAsync());
    }

    [Fact]
    public async Task OneAlertThatIsNotSilencedJoins_TellsThen_AndOnceOverARestart()
    {
        await using (var world = await StartAsync(0))
        {
            await SilenceAsync(world, "GpuVanished", 1_000);
            await FireAsync(world, "GpuVanished");
            await world.StepAsync(40);
            Assert.Equal("", await ToldAsync());
            await FireAsync(world, "GpuFellOffBus");
            await world.StepAsync(20);
            Assert.Equal(2, Assert.Single(world.Snapshot.Incidents.Values).Incident.AlertCount);
        }

        await using (var world = await StartAsync(100))
            await world.StepAsync(20);

        Assert.Matches("^4[0-9] INC-000001/Firing/1, 4[0-9] INC-000001/Approval/2$", await ToldAsync());
    }

    [Fact]
    public async Task AnnouncedWork_KeepsItsNodeQuiet_UntilItIsOver()
    {
        await using (var world = await StartAsync(0))
        {
            await FireAsync(world, "MaintenanceWindow", FaultClass.Maintenance);
            await world.StepAsync(20);
            await FireAsync(world, "GpuVanished");
            await world.StepAsync(60);
            Assert.All(world.Snapshot.Incidents.Values, view => Assert.Equal("announced maintenance of node-001", view.Incident.Mute?.Reason));
        }

        await using (var world = await StartAsync(120))
        {
            await world.StepAsync(30);
            Assert.Equal("", await ToldAsync());
            await EndAsync(world, "MaintenanceWindow", FaultClass.Maintenance);
            await world.StepAsync(30);
        }

        Assert.Matches("^15[0-9] INC-[0-9]+/Firing/1(, 15[0-9] INC-[0-9]+/Approval/2)?$", await ToldAsync());
    }

    // Nothing fires but what a test posts: a world without targets has rules of its own to say so.
    private async Task<World> StartAsync(int second)
    {
        var world = await World.StartAsync(
            options =>
            {
                options.Server.State = _folder.FullName;
                options.Response.Hardware = Strategy.Ask;
                options.Incidents.Questions.PerDay = 0;
            },
            ContentCheck.Read(World.Folder("rules"), World.Folder("runbooks")).Content with { RuleGroups = [], Slos = [] },
            at: World.Start.AddSeconds(second));
        if (second == 0)
            world.Platform.Inlet.Reshape(Fleets.Of(10));
        return world;
    }

    private static Task FireAsync(World world, string name, string faultClass = FaultClass.GpuOffBus, int node = 1) => PostAsync(world, (name, faultClass, node), World.Start.AddHours(8));

    private static Task EndAsync(World world, string name, string faultClass = FaultClass.GpuOffBus, int node = 1) => PostAsync(world, (name, faultClass, node), world.Now);

    private static async Task PostAsync(World world, (string Name, string FaultClass, int Node) alert, DateTimeOffset ends)
    {
        var (severity, gpu) = alert.FaultClass == FaultClass.Maintenance ? ("info", "") : ("critical", "\"gpu\":\"3\",");
        var posted = await world.PostAsync("/api/v2/alerts", $$$"""
            [{"labels":{"alertname":"{{{alert.Name}}}","severity":"{{{severity}}}","fault_class":"{{{alert.FaultClass}}}","role":"cause",{{{gpu}}}"node":"node-00{{{alert.Node}}}"},
              "startsAt":"{{{World.Start:O}}}","endsAt":"{{{ends:O}}}"}]
            """);
        Assert.Equal((200, ""), (posted.Status, posted.Body));
        await world.StepAsync();
    }

    private static async Task<string> SilenceAsync(World world, string name, int until)
    {
        var answer = await world.PostAsync("/api/silences", $$"""{"matchers":[{"name":"alertname","value":"{{name}}","isRegex":true}],"endsAt":"{{World.Start.AddSeconds(until):O}}","createdBy":"ana","comment":"known"}""");
        Assert.True(answer.Status == 200, answer.Body);
        await world.StepAsync();
        return world.Snapshot.Silences.Keys.Single();
    }

    private static async Task IsMutedAsync(World world, DateTimeOffset until)
    {
        var incident = JsonNode.Parse((await world.GetAsync("/api/incidents?state=open")).Body)!.AsArray().Single()!;
        Assert.Equal(("silenced by ana: known", until), ((string)incident["mute"]!["reason"]!, (DateTimeOffset)incident["mute"]!["until"]!));
        Assert.Equal(FaultClass.GpuOffBus, (string)incident["verdict"]!["faultClass"]!);
    }

    // From the journal itself: second and identity of all that was ever to be told.
    private async Task<string> ToldAsync()
    {
        var told = new List<string>();
        await foreach (var record in new JournalReader(Path.Combine(_folder.FullName, "journal.db"), new JournalOptions(), NullLogger.Instance).ReadAsync(0, TestContext.Current.CancellationToken))
        {
            if (record.Entry is NotificationQueued { Notification: { } notification })
                told.Add(string.Create(CultureInfo.InvariantCulture, $"{(notification.At - World.Start).TotalSeconds} {notification.Id}"));
        }

        return string.Join(", ", told);
    }
}

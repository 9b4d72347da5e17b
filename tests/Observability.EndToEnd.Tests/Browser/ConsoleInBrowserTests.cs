using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Observability.Model;
using Observability.Server;
using Observability.Simulator;
using Observability.Testing;
using static Microsoft.Playwright.Assertions;

namespace Observability.EndToEnd.Tests.Browser;

/// <summary>The console as a person uses it: a real browser on a running demo whose clock the test moves.</summary>
public sealed class ConsoleInBrowserTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    private const string Node = "node-001";
    private const string Gpu = "node-001/gpu3";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task GpuFails_OperatorSeesItReadsTheCulpritApprovesAndTheNodeIsCordoned()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var page = await chromium.OpenAsync();
        var faults = new ConcurrentQueue<string>();
        page.PageError += (_, fault) => faults.Enqueue(fault);
        var requests = new ConcurrentQueue<string>();
        page.Request += (_, request) => requests.Enqueue(request.Url);
        await using var run = await StartAsync(cancellation);
        await run.RunUntilAsync(Start.AddSeconds(100), cancellation);

        await GotoLiveAsync(page, run.ConsoleUrl);
        var cell = page.Locator($"[data-node='{Node}']");
        await Expect(cell).ToHaveAttributeAsync("data-state", "healthy");
        await page.GetByLabel("Your name, for the audit trail").FillAsync("ada");
        await page.GetByLabel("Your name, for the audit trail").PressAsync("Enter");

        var culprit = run.Fleet.Topology().Entities.First(entity => entity.DisplayName == Gpu).Id;
        run.Fleet.Inject(new FaultSpec("one", FaultClass.GpuOffBus, culprit, Start.AddSeconds(105), TimeSpan.FromMinutes(20)));
        await StepUntilAsync(run, Waits, cancellation);
        await Expect(cell).ToHaveAttributeAsync("data-state", "critical");
        await Expect(page.Locator($"[data-gpu='{Gpu}']")).ToHaveClassAsync(new Regex("critical"));
        Assert.Empty(run.Cluster.Cordons);

        await page.Locator(".strip a.card").First.ClickAsync();
        await Expect(page.Locator("#verdict .culprit")).ToContainTextAsync(Gpu);
        await Expect(page.Locator("#verdict .culprit")).ToContainTextAsync("gpu off bus");
        await Expect(page.Locator("#verdict .evidence li").First).ToBeVisibleAsync();

        var execution = page.Locator("#actions .execution");
        await Expect(execution).ToHaveAttributeAsync("data-state", "AwaitingApproval");
        await execution.GetByPlaceholder("Why (goes to the audit trail)").FillAsync("seen XID 79 in the kernel log");
        await execution.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Approve") }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).First).ToHaveTextAsync("Done.");

        await StepUntilAsync(run, current => !current.Holds.IsEmpty && run.Cluster.Cordons.Any(cordon => cordon.Node == Node && cordon.Cordoned), cancellation);
        await Expect(page.Locator("#timeline")).ToContainTextAsync("ada approved");
        await page.GetByRole(AriaRole.Link, new() { Name = "Fleet", Exact = true }).ClickAsync();
        await Expect(page.Locator($"[data-node='{Node}']")).ToHaveAttributeAsync("data-held", "true");
        Assert.Equal([(Node, true)], run.Cluster.Cordons.Select(cordon => (cordon.Node, cordon.Cordoned)).Distinct());

        Assert.Empty(faults);
        Assert.All(requests, request => Assert.StartsWith(run.ConsoleUrl, request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Theme_IsSwitchedByKeyAndRemembered()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var page = await chromium.OpenAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await using var run = await StartAsync(cancellation);
        await run.RunUntilAsync(Start.AddSeconds(15), cancellation);
        await GotoLiveAsync(page, run.ConsoleUrl);
        var main = page.Locator("main");
        await Expect(main).ToHaveAttributeAsync("data-theme", "dark");

        await page.Keyboard.PressAsync("t");
        await Expect(main).ToHaveAttributeAsync("data-theme", "light");
        await page.ReloadAsync();
        await Expect(main).ToHaveAttributeAsync("data-live", "true");
        await Expect(main).ToHaveAttributeAsync("data-theme", "light");

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("a");
        await Expect(page).ToHaveURLAsync(run.ConsoleUrl + "/alerts");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Alerts" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task EveryPage_OpensWithoutAFault()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var page = await chromium.OpenAsync();
        await using var run = await StartAsync(cancellation);
        await run.RunUntilAsync(Start.AddSeconds(30), cancellation);
        foreach (var (path, heading) in ((string, string)[])
        [
            ("/", "Fleet"), ("/incidents", "Incidents"), ("/alerts", "Alerts"), ("/approvals", "Approvals"), ("/slos", "SLOs"),
            ("/holds", "Silences and holds"), ("/noise", "Noise"), ("/runbooks", "Runbooks"), ("/runbooks/gpu-off-bus", ""),
            ("/nodes/node-001", "node-001"), ("/explore?expr=up", "Explore"), ("/incidents/INC-999999", "INC-999999"),
        ])
        {
            var answer = await page.GotoAsync(run.ConsoleUrl + path);
            Assert.Equal(200, answer!.Status);
            await Expect(page.Locator("main")).ToHaveAttributeAsync("data-live", "true");
            await Expect(page.Locator("h1").First).ToContainTextAsync(heading);
            await Expect(page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
        }
    }

    private static bool Waits(PlatformSnapshot current) =>
        current.Executions.Values.Any(execution => execution.State == ExecutionState.AwaitingApproval);

    private static async Task GotoLiveAsync(IPage page, string url)
    {
        await page.GotoAsync(url);
        await Expect(page.Locator("main")).ToHaveAttributeAsync("data-live", "true");
    }

    // Virtual time is bounded, not wall time: five minutes are more than any step of the story may take.
    private static async Task StepUntilAsync(DemoRun run, Func<PlatformSnapshot, bool> holds, CancellationToken cancellationToken)
    {
        var end = run.Now.AddMinutes(5);
        while (!holds(run.Platform.Snapshots.Current))
        {
            Assert.True(run.Now < end, $"nothing of the kind by {run.Now:O}: {string.Join("; ", run.Platform.Snapshots.Current.Incidents.Values.Select(view => view.Incident.Title))}");
            await run.StepAsync(cancellationToken);
        }
    }

    private static Task<DemoRun> StartAsync(CancellationToken cancellationToken) => DemoRun.StartAsync(
        new DemoOptions { Nodes = 8, Seed = 1, Faults = 0, Speed = 0, Listen = "127.0.0.1:0", Content = SharedData.RepositoryRoot(), Hardware = Strategy.Ask }, Start, _ => { }, cancellationToken);
}

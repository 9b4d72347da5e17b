using Bunit;
using Observability.Console.Pages;
using Observability.Model;
using Observability.Testing;

namespace Observability.Console.Tests.Pages;

public sealed class AlertsPageTests
{
    [Fact]
    public void NoAlert_SaysThatNothingFires()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.Equal("No alert fires that somebody should see now.", context.Render<AlertsPage>().Find(".empty").TextContent);
    }

    [Fact]
    public void ReducedAlert_IsHiddenUntilAskedFor()
    {
        using var context = new ConsoleContext(World());
        var page = context.Render<AlertsPage>();
        Assert.Equal(["GpuOffBus"], Names(page));
        page.FindAll("input[type=checkbox]")[0].Change(true);
        Assert.Equal(["GpuOffBus", "NodeSlow"], Names(page).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("critical", "GpuOffBus")]
    [InlineData("warning", "")]
    public void Severity_Filters(string severity, string names)
    {
        using var context = new ConsoleContext(World());
        var page = context.Render<AlertsPage>();
        page.Find("select[aria-label=Severity]").Change(severity);
        Assert.Equal(names, string.Join(",", Names(page)));
    }

    [Fact]
    public void LinkOfEvidence_FindsTheAlertByItsFingerprintWhateverBecameOfIt()
    {
        using var context = new ConsoleContext(World()).At($"/alerts?q={Slow().Fingerprint:x16}");
        Assert.Equal(["NodeSlow"], Names(context.Render<AlertsPage>()));
    }

    [Fact]
    public void Acknowledge_SendsTheCommandForItsIncident()
    {
        using var context = new ConsoleContext(World());
        context.Render<AlertsPage>().Find($"button[aria-label='Acknowledge {Worlds.IncidentId}']").Click();
        Assert.Equal<Command>([new AcknowledgeIncident(Worlds.IncidentId) { Actor = "console", Door = "console", At = ConsoleContext.Now }], context.Door.Commands);
    }

    [Fact]
    public void Silence_StartsFromWhatNamesTheAlertAndNeedsAReason()
    {
        using var context = new ConsoleContext(World());
        context.Operator.Introduce("ada");
        var page = context.Render<AlertsPage>();
        page.Find("button[aria-label='Silence GpuOffBus']").Click();
        page.Find("form").Submit();
        Assert.Equal("comment: is empty; say why, the next shift will ask", page.Find("form .error").TextContent);
        page.Find("input[aria-label=Comment]").Input("being replaced");
        page.Find("form").Submit();
        var silence = Assert.IsType<CreateSilence>(Assert.Single(context.Door.Commands)).Silence;
        Assert.Equal(("alertname=\"GpuOffBus\"", "ada", "being replaced", ConsoleContext.Now, ConsoleContext.Now.AddHours(4)),
            (string.Join(",", silence.Matchers), silence.CreatedBy, silence.Comment, silence.StartsAt, silence.EndsAt));
        Assert.Empty(page.FindAll("form"));
    }

    [Fact]
    public void AlertInShadow_IsMarkedAndMayBeJudgedByItself()
    {
        var standing = Worlds.Stands(AlertOrigin.Rule, "GpuOffBus", Standing.Shadow);
        var view = World().Alerts[Worlds.OffBus().Fingerprint] with { IsShadow = true };
        using var context = new ConsoleContext(World() with { Standings = World().Standings.Add(standing.Rule, standing), Alerts = World().Alerts.SetItem(Worlds.OffBus().Fingerprint, view) });
        var page = context.Render<AlertsPage>();
        Assert.Equal("shadow", page.Find("[data-alert=GpuOffBus] .tag").TextContent);
        Assert.Equal("It fired in shadow, so it opened nothing and paged nobody: measured", page.Find("[data-alert=GpuOffBus] .tag").GetAttribute("title"));
        page.Find("button[aria-label='GpuOffBus was noise']").Click();
        Assert.Equal<Command>([new JudgeFiring(Worlds.OffBus().Fingerprint, false) { Actor = "console", Door = "console", At = ConsoleContext.Now }], context.Door.Commands);
    }

    [Theory]
    [InlineData("GpuOffBus", 0, 1, "silenced")]
    [InlineData("GpuOffBus", 1, 2, "")] // begins later
    [InlineData("GpuOffBus", -2, -1, "")] // is over
    [InlineData("Other", 0, 1, "")]
    public void AlertThatIsSilencedAfterItFired_SaysSo(string name, int from, int to, string expected)
    {
        var silence = new Silence
        {
            Id = "s-1",
            Matchers = [new LabelMatcher("alertname", name, IsRegex: false, IsEqual: true)],
            StartsAt = ConsoleContext.Now.AddHours(from),
            EndsAt = ConsoleContext.Now.AddHours(to),
            CreatedBy = "ada",
            Comment = "a new one is ordered",
        };
        using var context = new ConsoleContext(World() with { Silences = World().Silences.Add(silence.Id, silence) });
        var reductions = context.Render<AlertsPage>().FindAll("[data-alert=GpuOffBus] td:nth-child(6) div");

        Assert.Equal(expected, string.Join(' ', reductions.Select(line => line.TextContent)));
        Assert.All(reductions, line => Assert.Equal($"Silenced by ada until {Words.Moment(silence.EndsAt)}, after it had fired: a new one is ordered", line.GetAttribute("title")));
    }

    [Fact]
    public void LiveAlert_HasNoMark()
    {
        using var context = new ConsoleContext(World());
        var page = context.Render<AlertsPage>();
        Assert.Equal(["GpuOffBus"], Names(page));
        Assert.Empty(page.FindAll(".tag, button[aria-label='GpuOffBus was noise']"));
    }

    private static Alert Slow() => Worlds.AlertOf("NodeSlow", new EntityId(EntityKind.Node, Fleets.Node(2)), "warning");

    private static PlatformSnapshot World() => Worlds.With(Worlds.Failed(), Slow(), new NoiseMark(NoiseReason.Inhibited, "x", "below GpuOffBus"));

    private static string[] Names(IRenderedComponent<AlertsPage> page) =>
        [.. page.FindAll("[data-alert]").Select(row => row.GetAttribute("data-alert")!)];
}

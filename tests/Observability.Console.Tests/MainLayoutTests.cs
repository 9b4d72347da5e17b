using Bunit;
using Observability.Model;

namespace Observability.Console.Tests;

public sealed class MainLayoutTests
{
    [Fact]
    public async Task Badges_CountWhatNeedsSomebody()
    {
        await using var context = new ConsoleContext(Worlds.Failed() with
        {
            Budgets = [new ErrorBudget { SloId = "x", At = ConsoleContext.Now, Burning = ["1h/5m"] }],
        });
        var layout = context.Render<MainLayout>();
        Assert.Equal(["1 open", "1 waiting", "1 burning"], layout.FindAll(".badge").Select(badge => badge.GetAttribute("aria-label")));
        Assert.Equal("2026-03-01 12:30:00 UTC", layout.Find(".clock").TextContent);
    }

    [Fact]
    public async Task EveryPage_HasItsKey()
    {
        await using var context = new ConsoleContext(Worlds.Quiet());
        var keys = context.Render<MainLayout>().FindAll("nav a").Select(link => link.GetAttribute("data-key")).ToArray();
        Assert.Equal(["f", "i", "a", "p", "s", "h", "n", "q", "r", "e"], keys);
    }

    [Theory]
    [InlineData(null, true, "dark")]
    [InlineData(null, false, "light")]
    [InlineData("light", true, "light")]
    [InlineData("dark", false, "dark")]
    public async Task Theme_IsWhatWasRememberedElseWhatTheSystemPrefers(string? remembered, bool prefersDark, string theme)
    {
        await using var context = new ConsoleContext(Worlds.Quiet());
        context.JSInterop.Setup<string?>("observability.recall", "observability.theme").SetResult(remembered);
        context.JSInterop.Setup<bool>("observability.prefersDark").SetResult(prefersDark);
        Assert.Equal(theme, context.Render<MainLayout>().Find("main").GetAttribute("data-theme"));
    }

    [Fact]
    public async Task Toggle_SwitchesAndRemembers()
    {
        await using var context = new ConsoleContext(Worlds.Quiet());
        var layout = context.Render<MainLayout>();
        layout.Find("[data-theme-toggle]").Click();
        Assert.Equal("light", layout.Find("main").GetAttribute("data-theme"));
        Assert.Equal("Switch to the dark theme", layout.Find("[data-theme-toggle]").GetAttribute("aria-label"));
        var call = context.JSInterop.Invocations["observability.remember"].Single();
        Assert.Equal(["observability.theme", "light"], call.Arguments);
    }

    [Fact]
    public async Task Key_OfTheServer_SignsInItsOwnerUntilSignedOut()
    {
        await using var context = new ConsoleContext(Worlds.Quiet());
        context.Door.Key = "0123456789abcdef";
        var layout = context.Render<MainLayout>();
        layout.Find(".who").Change("0123456789abcdef");
        Assert.Equal(("api-key:ada", true), (context.Operator.Actor, context.Operator.IsProven));
        Assert.DoesNotContain("0123456789abcdef", layout.Markup, StringComparison.Ordinal);
        Assert.Empty(context.JSInterop.Invocations["observability.remember"]);
        layout.Find(".bar .link").Click();
        Assert.False(context.Operator.IsProven);
    }

    [Fact]
    public async Task Key_ThatIsNobodys_SaysSoAndProvesNothing()
    {
        await using var context = new ConsoleContext(Worlds.Quiet());
        context.Door.Key = "0123456789abcdef";
        var layout = context.Render<MainLayout>();
        layout.Find(".who").Change("guess");
        Assert.Equal(("not a key here", ""), (layout.Find(".who").GetAttribute("placeholder"), layout.Find(".who").GetAttribute("value") ?? ""));
        Assert.False(context.Operator.IsProven);
    }

    [Fact]
    public async Task Name_IsTakenForCommandsAndRemembered()
    {
        await using var context = new ConsoleContext(Worlds.Quiet());
        context.Render<MainLayout>().Find(".who").Change(" ada ");
        Assert.Equal("ada", context.Operator.Actor);
        Assert.Equal(["observability.name", "ada"], context.JSInterop.Invocations["observability.remember"].Single().Arguments);
    }
}

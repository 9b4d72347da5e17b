using Bunit;
using Observability.Console.Pages;
using Observability.Model;

namespace Observability.Console.Tests.Pages;

public sealed class SlosPageTests
{
    [Fact]
    public void NoSlo_SaysWhereTheyAreWritten()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.Contains("rules/slos/", context.Render<SlosPage>().Find(".empty").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void NoDataYet_IsNotShownAsAFullBudget()
    {
        using var context = new ConsoleContext(Worlds.Quiet() with { Slos = [Worlds.Slo()] });
        Assert.Equal(["no data yet", "no data yet", "no data yet"], context.Render<SlosPage>().FindAll(".tile .value").Select(tile => tile.TextContent));
    }

    [Fact]
    public void Overspent_BurnsAndNamesWhatItCost()
    {
        using var context = new ConsoleContext(World());
        var page = context.Render<SlosPage>();
        Assert.Equal(["93.0 %", "-40.0 %", "14.4", "1h/5m"], page.FindAll(".tile .value").Select(tile => tile.TextContent));
        Assert.Equal("Overspent by 40.0 %.", page.Find(".error").TextContent);
        Assert.Contains("INC-000001 node-001/gpu3 fell off the bus cost 2.1 %, 3.5 GPU hours", page.Find("section").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Exclusion_CarriesItsAuthorAndReason()
    {
        using var context = new ConsoleContext(World());
        context.Operator.Introduce("ada");
        var page = context.Render<SlosPage>();
        page.FindAll("button").Single(button => button.TextContent == "Exclude time…").Click();
        Assert.True(page.Find("form button").HasAttribute("disabled"));
        page.Find("form input").Input("announced maintenance");
        page.Find("form").Submit();
        Assert.Equal(
            new BudgetExclusion("training-goodput", ConsoleContext.Now.AddHours(-1), ConsoleContext.Now, "ada", "announced maintenance"),
            Assert.IsType<ExcludeFromBudget>(Assert.Single(context.Door.Commands)).Exclusion);
    }

    [Fact]
    public void BurnDown_IsAskedOnlyWhenShown()
    {
        using var context = new ConsoleContext(World());
        var page = context.Render<SlosPage>();
        Assert.Empty(context.Feed.Asked);
        page.FindAll("button").Single(button => button.TextContent == "Show burn-down").Click();
        Assert.Equal("slo:period_error_budget_remaining:ratio{sloth_slo=\"training-goodput\"}", Assert.Single(context.Feed.Asked).Expression);
    }

    private static PlatformSnapshot World() => Worlds.Failed() with
    {
        Slos = [Worlds.Slo()],
        Budgets = [new ErrorBudget { SloId = "training-goodput", At = ConsoleContext.Now, Attainment = 0.93, Remaining = -0.4, BurnRate = 14.4, Burning = ["1h/5m"] }],
    };
}

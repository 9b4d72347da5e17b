using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;

namespace Observability.Response.Tests;

public class PlainActionsTests
{
    private static StepIntent Intent(string action, params (string, string)[] with) =>
        new("INC-000001/x/1", "step", 2, action, new EntityId(EntityKind.Node, "node-000"), LabelSet.Of(with), Make.T0);

    [Fact]
    public async Task Verify_ChecksEachConditionOnItsOwn()
    {
        var action = new VerifyAction(new Probe("cool", "fast"));
        async Task<(StepResult, string)> RunAsync(params (string, string)[] with) => await action.RunAsync(Intent("verify", with), Make.T0, CancellationToken.None);
        Assert.Equal((StepResult.Succeeded, "all 2 checks hold"), await RunAsync(("expr.000", "cool"), ("expr.001", "fast")));
        Assert.Equal((StepResult.NotYet, "does not hold yet: clock: slow"), await RunAsync(("expr.000", "cool"), ("expr.001", "slow"), ("name.001", "clock")));
        Assert.Equal((StepResult.Succeeded, "holds"), await RunAsync(("expr", "cool")));
        Assert.Equal((StepResult.Impossible, "step step: parameter 'expr' is missing"), await RunAsync());
    }

    [Theory]
    [InlineData("60", 59, StepResult.NotYet, "1 s to go")]
    [InlineData("60", 60, StepResult.Succeeded, "waited")]
    [InlineData("soon", 60, StepResult.Impossible, "step step: parameter 'seconds': 'soon' is not a number of seconds up to a day")]
    public async Task Wait_CountsFromTheStepsBeginning_NotFromItsAttempt(string seconds, int after, StepResult result, string detail)
    {
        var intent = Intent("wait", ("seconds", seconds), ("since", Make.T0.ToString("O"))) with { At = Make.T0.AddSeconds(after) };
        Assert.Equal((result, detail), await new WaitAction().RunAsync(intent, Make.T0.AddSeconds(after), CancellationToken.None));
    }

    [Theory]
    [InlineData(204, StepResult.Succeeded, "answered 204")]
    [InlineData(503, StepResult.Failed, "127.0.0.1 answered 503")]
    [InlineData(429, StepResult.Failed, "127.0.0.1 answered 429")]
    [InlineData(400, StepResult.Impossible, "127.0.0.1 refused it with 400")]
    public async Task Webhook_CarriesOneKeyForAllAttempts(int status, StepResult result, string detail)
    {
        await using var server = await ScriptedServer.StartAsync((_, _, _, _) => (status, "", ""));
        using var http = new HttpClient();
        Assert.Equal((result, detail), await new WebhookAction(http).RunAsync(Intent("webhook", ("url", server.Url.ToString())), Make.T0, CancellationToken.None));
        Assert.Equal("INC-000001/x/1/step", server.Requests[0].Headers["Idempotency-Key"].ToString());
    }

    [Fact]
    public async Task Worker_GivesOutcomesInOrder_NamesMissingProvidersAndTimeOuts()
    {
        var worker = new EffectWorker([new Stuck()], NullLogger<EffectWorker>.Instance);
        worker.Enqueue(Intent("stuck") with { Timeout = TimeSpan.FromMilliseconds(20) });
        worker.Enqueue(Intent("nobody") with { StepId = "other" });
        var outcomes = await worker.RunDueAsync(Make.T0, CancellationToken.None);
        Assert.Equal(
            [("step", StepResult.Failed, "no answer within 0 s"), ("other", StepResult.Impossible, "no provider for action nobody is configured")],
            outcomes.Select(outcome => (outcome.Intent.StepId, outcome.Result, outcome.Detail)));
    }

    private sealed class Probe(params string[] holds) : IConditionProbe
    {
        public Task<bool> HoldsAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) => Task.FromResult(holds.Contains(expression));
    }

    private sealed class Stuck : IAction
    {
        public string Name => "stuck";

        public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return (StepResult.Succeeded, "");
        }
    }
}

using System.Text.Json.Nodes;
using Observability.Model;

namespace Observability.EndToEnd.Tests;

/// <summary>kill -9 in the middle of the demo, and a restart: nothing is lost and nothing is done twice.</summary>
public sealed class KilledDemoTests : IDisposable
{
    // Two hardware faults that are acted on: a lane loss and an uncontained memory error.
    private static readonly string[] Arguments = ["demo", "--headless", "--speed", "max", "--nodes", "16", "--seed", "1", "--faults", "2"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("killed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task KilledAtEveryStageOfTheWay_FinishesAsIfItHadNotBeen()
    {
        var whole = await FinishAsync("whole");
        // Each sign kills the process that went on after the last one: an alert, a run that has begun, the run of the second fault, its checks, an end, a success.
        foreach (var sign in (string[])["  alert  ", "  action  ", ": Running", ": Verifying", "resolved", ": Succeeded"])
            await KillAtAsync("cut", sign);
        var cut = await FinishAsync("cut");

        Assert.Empty(cut.State.Damages);
        Assert.Equal(Enumerable.Range(1, cut.State.Records.Count), cut.State.Records.Select(record => (int)record.Sequence));
        Assert.Equal(7, cut.State.Records.Count(record => record.Entry is EngineStarted));
        Assert.Equal(cut.State.Done.Distinct(), cut.State.Done);
        Assert.Equal(whole.State.NodeWrites.Distinct(), whole.State.NodeWrites);
        Assert.Equal(cut.State.NodeWrites.Distinct(), cut.State.NodeWrites);
        Assert.Equal(whole.State.Cordons, cut.State.Cordons);
        Assert.Contains(whole.State.Cordons, write => write.EndsWith("cordoned", StringComparison.Ordinal));
        AssertSame(whole.State.Alerts, cut.State.Alerts);
        AssertSame(whole.State.Incidents, cut.State.Incidents);
        Assert.Equal(Verdicts(whole.Report), Verdicts(cut.Report));
    }

    [Fact]
    public async Task CtrlC_SaysSoAndTheRunGoesOnLater()
    {
        await using (var demo = BuiltServer.Start([.. Arguments, "--state", Path.Combine(_folder, "stopped")]))
        {
            await demo.WaitForLineAsync(line => line.Contains("  fault  ", StringComparison.Ordinal), Limit);
            await demo.InterruptAsync();
            Assert.Equal(0, await demo.WaitForExitAsync(Limit));
            Assert.StartsWith("stopped; the same command goes on from here", demo.Lines[^1], StringComparison.Ordinal);
        }

        await using var again = BuiltServer.Start([.. Arguments, "--state", Path.Combine(_folder, "stopped")]);
        Assert.Contains("1 faults so far", await again.WaitForLineAsync(line => line.StartsWith("resumed at", StringComparison.Ordinal), Limit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherSeedInTheSameFolder_IsRefusedAndSaysWhatTheFolderHolds()
    {
        var state = Path.Combine(_folder, "other");
        await KillAtAsync("other", "  fault  ");

        await using var demo = BuiltServer.Start("demo", "--headless", "--nodes", "16", "--seed", "2", "--faults", "2", "--state", state);

        Assert.Equal(2, await demo.WaitForExitAsync(Limit));
        Assert.Equal([$"--state: {state} holds a run with --nodes 16 --seed 1 --faults 2, not 16, 2 and 2; ask for the same to go on with it, or name another folder"], demo.Lines);
    }

    private static void AssertSame(IReadOnlySet<string> whole, IReadOnlySet<string> cut)
    {
        string[] differences = [.. whole.Except(cut).Select(lost => $"lost: {lost}"), .. cut.Except(whole).Select(added => $"only after restarts: {added}")];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }

    private static IEnumerable<string> Verdicts(JsonNode report) => report["faults"]!.AsArray()
        .Select(fault => $"{fault!["id"]} {fault["verdict"]!["entity"]} {fault["verdict"]!["class"]} found {fault["found"]} {fault["action"]!["kind"]}");

    private async Task KillAtAsync(string name, string sign)
    {
        await using var demo = BuiltServer.Start([.. Arguments, "--state", Path.Combine(_folder, name)]);
        await demo.WaitForLineAsync(line => line.Contains(sign, StringComparison.Ordinal), Limit);
        await demo.KillAsync();
    }

    private async Task<(RunState State, JsonNode Report)> FinishAsync(string name)
    {
        var report = Path.Combine(_folder, name + ".json");
        await using var demo = BuiltServer.Start([.. Arguments, "--state", Path.Combine(_folder, name), "--report", report]);
        Assert.True(await demo.WaitForExitAsync(Limit) == 0, demo.Text);
        return (await RunState.ReadAsync(Path.Combine(_folder, name)), JsonNode.Parse(await File.ReadAllTextAsync(report))!);
    }
}

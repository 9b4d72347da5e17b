using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using Observability.Storage;

namespace Observability.Server.Tests;

/// <summary>Commands that only look: check, slo report, runbook plan.</summary>
public sealed class LookCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("look-");

    private static string Root => Path.GetDirectoryName(World.Folder("rules"))!;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task RunbookPlan_SaysEachStepWithNamesFilledInAndDoesNothing()
    {
        var run = await Invoked.RunAsync(RunbookCommand.Build(), "plan", "node-down", "--target", "node:node-001", "--content", Root);

        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Contains("nothing of this is done now", run.Output, StringComparison.Ordinal);
        Assert.Contains("  kubernetes.cordon node:node-001", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunbookPlan_PartOfNoKnownNode_SaysWhichVariableHasNoValue()
    {
        var run = await Invoked.RunAsync(RunbookCommand.Build(), "plan", "slow-nic", "--target", "nic:node-001/mlx5_2", "--content", Root);

        Assert.Equal(1, run.Code);
        Assert.Contains("has no value for nic:node-001/mlx5_2; such a run would be refused (give --topology)", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "node:a", "runbook 'none' is unknown; there are ")]
    [InlineData("node-down", "toaster:a", "--target: 'toaster:a' is not an entity; write kind:name with one of ")]
    public async Task RunbookPlan_OfNonsense_Is2(string id, string target, string says)
    {
        var run = await Invoked.RunAsync(RunbookCommand.Build(), "plan", id, "--target", target, "--content", Root);

        Assert.Equal(2, run.Code);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SloReport_FromAServer_ListsEveryObjective()
    {
        await using var world = await World.StartAsync();
        await world.StepAsync(31);

        var text = await Invoked.RunAsync(SloCommand.Build(), "report", "--server", world.Http.BaseAddress!.ToString());
        var json = await Invoked.RunAsync(SloCommand.Build(), "report", "--json", "--server", world.Http.BaseAddress.ToString());

        Assert.True(text.Code == 0, text.Error);
        Assert.Equal(world.Platform.Content.Slos.Length + 1, text.Output.Trim().Split('\n').Length);
        Assert.Equal(world.Platform.Content.Slos.Select(slo => slo.Id), JsonNode.Parse(json.Output)!.AsArray().Select(line => (string)line!["id"]!));
    }

    [Fact]
    public async Task SloReport_FromAJournal_SumsWhatWasUsedAndWhatIncidentsCost()
    {
        var slo = "training-goodput";
        var journal = await SqliteJournal.OpenAsync(Path.Combine(_folder.FullName, "journal.db"), new JournalOptions(), NullLogger.Instance, TestContext.Current.CancellationToken);
        await journal.AppendAsync(
            [
                new BudgetBurned(new BudgetBurn(slo, World.Start, World.Start.AddMinutes(1), 0.25)),
                new BudgetCharged(new BudgetCharge(slo, "INC-000001", World.Start, 0.1, 4)),
                new BudgetCharged(new BudgetCharge(slo, "INC-000001", World.Start, 0.2, 8.5)),
            ],
            World.Start, TestContext.Current.CancellationToken);

        // The journal stays open: its owner must not be fenced by a reader.
        var run = await Invoked.RunAsync(SloCommand.Build(), "report", "--state", _folder.FullName, "--content", Root);
        await journal.AppendAsync([new EngineStarted(journal.Epoch, "x")], World.Start, TestContext.Current.CancellationToken);
        await journal.DisposeAsync();

        Assert.True(run.Code == 0, run.Error);
        Assert.Matches($@"{slo} .* 75\.00\s?%", run.Output);
        Assert.Contains("INC-000001 cost 20.00 % of the budget, 8.5 GPU hours", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("10.00 % of the budget", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SloReport_WithoutAServer_Is2()
    {
        var run = await Invoked.RunAsync(SloCommand.Build(), "report", "--server", "http://127.0.0.1:1");

        Assert.Equal(2, run.Code);
        Assert.StartsWith("--server http://127.0.0.1:1: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfTheRepository_FindsNothing()
    {
        var run = await Invoked.RunAsync(CheckCommand.Build(), "--config", ConfigurationAt(Root));

        Assert.True(run.Code == 0, run.Output);
        Assert.Contains("all well", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NamesEachFaultByFileAndLineOrKey()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "rules", "faults"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "rules", "slos"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "runbooks"));
        var rules = Path.Combine(_folder.FullName, "rules", "a.rules.yaml");
        await File.WriteAllTextAsync(rules, "groups:\n  - name: a\n    rules:\n      - alert: B\n        expr: up ==\n");
        var configuration = ConfigurationAt(_folder.FullName, "colour: red\n");

        var run = await Invoked.RunAsync(CheckCommand.Build(), "--config", configuration, "--output", "json");

        Assert.Equal(1, run.Code);
        Assert.Equal([(configuration, 4), (rules, 4)], JsonNode.Parse(run.Output)!.AsArray().Select(finding => ((string)finding!["file"]!, (int)finding["line"]!)));
    }

    private string ConfigurationAt(string root, string more = "")
    {
        var path = Path.Combine(_folder.FullName, "observability.yaml");
        File.WriteAllText(path, $"content:\n  rules: {root}/rules\n  runbooks: {root}/runbooks\n{more}");
        return path;
    }
}

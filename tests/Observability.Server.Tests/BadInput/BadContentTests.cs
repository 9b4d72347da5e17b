using Observability.Model;

namespace Observability.Server.Tests;

/// <summary>Rules and runbooks with faults, put before a platform that runs: it says where, counts, and goes on with what it had.</summary>
public sealed class BadContentTests : IAsyncLifetime
{
    private const string Counter = "observability_content_refused_total";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("content-");
    private World _world = null!;

    private string Rules => Path.Combine(_folder.FullName, "rules");

    private string Runbooks => Path.Combine(_folder.FullName, "runbooks");

    public async ValueTask InitializeAsync()
    {
        foreach (var folder in (string[])[Rules, Path.Combine(Rules, "faults"), Path.Combine(Rules, "slos"), Runbooks])
            Directory.CreateDirectory(folder);
        Write("rules/a.rules.yaml", "groups:\n  - name: a\n    rules:\n      - alert: Always\n        expr: vector(1)\n        labels: {severity: warning, node: node-001}\n");
        var (content, findings) = ContentCheck.Read(Rules, Runbooks);
        Assert.Empty(findings);
        _world = await World.StartAsync(
            options => options.Content = new ContentOptions { Rules = Rules, Runbooks = Runbooks }, content);
        await _world.StepAsync(12);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task RuleWithASyntaxError_IsNamedByFileAndLineAndTheRulesBeforeGoOn()
    {
        Write("rules/b.rules.yaml", "groups:\n  - name: b\n    rules:\n      - alert: Broken\n        expr: sum(up\n");

        await AssertRefusedAsync(Path.Combine(Rules, "b.rules.yaml"), 4, "Broken: 1:7: parse error: unclosed left parenthesis");
    }

    [Fact]
    public async Task RuleWithATemplateThatCannotBeRead_IsNamed()
    {
        Write("rules/b.rules.yaml", "groups:\n  - name: b\n    rules:\n      - alert: Broken\n        expr: up\n        annotations: {summary: '{{ $labels.node'}\n");

        await AssertRefusedAsync(Path.Combine(Rules, "b.rules.yaml"), 4, "rule Broken: ");
    }

    [Fact]
    public async Task RunbookWithAnUnknownStep_IsNamedByFileAndLine()
    {
        Write("runbooks/fix.md", "---\ntriggers: {fault_classes: [gpu_off_bus], minimum_confidence: 0.5}\nmaximum_strategy: act\nrisk: low\nsteps:\n  - {id: a, action: kubernetes.explode}\n---\n# Fix\n\nText.\n");

        await AssertRefusedAsync(Path.Combine(Runbooks, "fix.md"), 6, "kubernetes.explode");
    }

    [Fact]
    public async Task GoodReload_IsInForceFromTheNextStepAndKeepsTheStateOfWhatStays()
    {
        var since = Assert.Single(_world.Platform.Rules.ActiveAlerts).ActiveAt;
        Write("rules/b.rules.yaml", "groups:\n  - name: b\n    rules:\n      - alert: Second\n        expr: vector(2)\n        labels: {severity: warning, node: node-002}\n");

        var answer = await _world.PostAsync("/api/reload", "");
        await _world.StepAsync(12);

        Assert.Equal((200, 2, 2), (answer.Status, (int)answer.Json["groups"]!, (int)answer.Json["rules"]!));
        Assert.Equal([("Always", since), ("Second", _world.Platform.Rules.ActiveAlerts[^1].ActiveAt)], _world.Platform.Rules.ActiveAlerts.Select(alert => (alert.Labels["alertname"], alert.ActiveAt)));
    }

    [Fact]
    public async Task ReloadOfRunbooks_SaysThatTheyNeedARestart()
    {
        Write("runbooks/fix.md", "---\ntriggers: {fault_classes: [gpu_off_bus], minimum_confidence: 0.5}\nmaximum_strategy: act\nrisk: low\nsteps:\n  - {id: a, action: notify}\n---\n# Fix\n\nText.\n");

        var answer = await _world.PostAsync("/api/reload", "");

        Assert.Equal((200, "runbooks"), (answer.Status, string.Join(',', answer.Json["needsRestart"]!.AsArray())));
    }

    private async Task AssertRefusedAsync(string file, int line, string says)
    {
        Answer? answer = null;
        var moved = await _world.MovedAsync(async () => answer = await _world.PostAsync("/api/reload", ""), Counter);
        await _world.StepAsync(12);

        Assert.Equal((422, 1d), (answer!.Status, moved));
        var finding = Assert.Single(answer.Json["findings"]!.AsArray())!;
        Assert.Equal((file, line), ((string)finding["at"]!["file"]!, (int)finding["at"]!["line"]!));
        Assert.Contains(says, (string)finding["message"]!, StringComparison.Ordinal);
        Assert.Equal([("Always", _world.Now)], _world.Platform.Rules.ActiveAlerts.Select(alert => (alert.Labels["alertname"], _world.Now)));
        Assert.True(_world.Platform.Rules.Groups[0].LastEvaluation > World.Start.AddSeconds(12), "the old rules are no longer evaluated");
        Assert.Equal(AlertState.Firing, Assert.Single(_world.Snapshot.Alerts.Values).Alert.State);
    }

    private void Write(string path, string text) => File.WriteAllText(Path.Combine(_folder.FullName, path), text);
}

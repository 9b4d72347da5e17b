namespace Observability.Metrics.Tests;

public sealed class ScriptTests(ITestOutputHelper output)
{

    // Raise it when more pass; it must never fall.
    private const int LeastPublicPasses = 757;

    public static TheoryData<string> OwnScripts() =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Scripts"), "*.test").Order().Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(OwnScripts))]
    public async Task OwnScript_EveryCase_Passes(string script)
    {
        var outcomes = await ScriptRunner.RunAsync(Path.Combine(AppContext.BaseDirectory, "Scripts", script));
        Assert.NotEmpty(outcomes);
        Assert.All(outcomes, outcome => Assert.True(outcome.Fault is null && outcome.Skipped is null,
            $"{outcome.Place} {outcome.Query}: {outcome.Fault ?? outcome.Skipped}"));
    }

    [Fact]
    public async Task PublicScripts_CoreCases_PassAsOftenAsBefore()
    {
        var folder = Testing.SharedData.Folder("promqltest");
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not on this machine");
        var outcomes = new List<ScriptOutcome>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.test").Order())
            outcomes.AddRange(await ScriptRunner.RunAsync(path));
        var passed = outcomes.Count(outcome => outcome.Fault is null && outcome.Skipped is null);
        foreach (var reason in outcomes.Where(outcome => outcome.Skipped is not null).GroupBy(outcome => outcome.Skipped))
            output.WriteLine($"skipped {reason.Count()}: {reason.Key}");
        foreach (var failed in outcomes.Where(outcome => outcome.Fault is not null))
            output.WriteLine($"failed {failed.Place} {failed.Query}: {failed.Fault}");
        output.WriteLine($"passed {passed} of {outcomes.Count}");
        Assert.DoesNotContain(outcomes, outcome => outcome.Fault is not null);
        Assert.True(passed >= LeastPublicPasses, $"{passed} cases pass, expected at least {LeastPublicPasses}");
    }
}

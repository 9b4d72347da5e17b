using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Observability.Alerting.Tests;

/// <summary>The rule files of the repository, judged by Prometheus's own tool where it is installed.</summary>
public sealed partial class RuleFilesTests
{
    private const string Promtool = "/usr/bin/promtool";

    public static TheoryData<string> RuleFiles => [.. Files("*.rules.yaml")];

    public static TheoryData<string> TestFiles => [.. Files("*.tests.yaml")];

    [Theory]
    [MemberData(nameof(RuleFiles))]
    public async Task RuleFile_Promtool_FindsNoFault(string file) => await PromtoolAsync("check", "rules", "--lint=all", file);

    [Theory]
    [MemberData(nameof(TestFiles))]
    public async Task TestFile_Promtool_Passes(string file) => await PromtoolAsync("test", "rules", file);

    [Theory]
    [MemberData(nameof(RuleFiles))]
    public void AlertRule_SaysWhatAndWhereAndWhatToDo(string file)
    {
        var text = File.ReadAllText(file);
        foreach (var rule in AlertStart().Split(text).Skip(1))
        {
            var name = rule[..rule.IndexOf('\n', StringComparison.Ordinal)].Trim();
            foreach (var key in new[] { "severity:", "fault_class:", "role:", "entity:", "summary:", "description:", "runbook_url: runbooks/" })
                Assert.True(rule.Contains(key, StringComparison.Ordinal), $"{file}: alert {name} has no {key}");
        }

        // The gauge keeps the last code for ever; it is no event.
        Assert.DoesNotContain("DCGM_FI_DEV_XID_ERRORS", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RuleFiles))]
    public void AlertRule_HasAUnitTest(string file)
    {
        var tests = File.ReadAllText(file.Replace(".rules.yaml", ".tests.yaml", StringComparison.Ordinal));
        var names = AlertName().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value);
        Assert.Equal([], names.Where(name => !tests.Contains($"alertname: {name}\n        exp_alerts:\n", StringComparison.Ordinal)));
    }

    internal static string[] Files(string pattern)
    {
        var rules = Path.Combine(Testing.SharedData.RepositoryRoot(), "rules");
        return [.. Directory.GetFiles(rules, pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains("/slos/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private static async Task PromtoolAsync(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Promtool), $"{Promtool} is missing; install Debian's package prometheus");
        var start = new ProcessStartInfo(Promtool) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}\n{await output}\n{await error}");
    }

    [GeneratedRegex(@"^\s*- alert: ", RegexOptions.Multiline)]
    private static partial Regex AlertStart();

    [GeneratedRegex(@"^\s*- alert: (\w+)", RegexOptions.Multiline)]
    private static partial Regex AlertName();
}

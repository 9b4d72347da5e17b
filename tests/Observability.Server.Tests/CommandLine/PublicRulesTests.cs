using System.Diagnostics;
using System.Text.RegularExpressions;
using Observability.Content;
using Observability.Metrics;
using Observability.Model;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>Public rule collections and promtool's own test files: what promtool takes loads here, and unit tests give its verdict.</summary>
public sealed partial class PublicRulesTests(ITestOutputHelper output)
{
    private const string Promtool = "/usr/bin/promtool";

    // Jinja templates, which are YAML only once rendered; promtool refuses them too.
    private const string NotYaml = "stackhpc-kayobe-config/";

    private static readonly string PromtoolFiles = Path.Combine(SharedData.Folder("promtool-unittests"), "cmd", "promtool", "testdata");

    /// <summary>Verdicts of promtool 3.14 on its own unit-test files.</summary>
    public static TheoryData<string, bool, string> UnitTests => new()
    {
        { "long-period.yml", true, "" },
        { "at-modifier-test.yml", true, "" },
        { "negative-offset-test.yml", true, "" },
        { "no-test-group-interval.yml", true, "" },
        { "start-time-test.yml", true, "" },
        { "rules_run_fuzzy.yml", false, "'wrong fuzzy match'" },
        { "rules_run_no_fuzzy.yml", false, "2.9999999999999996" },
        { "rules_run.yml", false, "wrong test" },
        { "rules_run_extrafields.yml", false, "unknown key" },
        { "bad-input-series.yml", false, "series" },
        { "bad-promql.yml", false, "many-to-many matching not allowed" },
        { "bad-rules-syntax-test.yml", false, "unexpected end of input" },
        { "bad-rules-error-test.yml", false, "many-to-many matching not allowed" },
        { "failing.yml", false, "in 'Failing test'" },
        // promtool passes this one; here its native histograms are refused by name.
        { "unittest.yml", false, "native histogram, which is not supported" },
    };

    [Fact]
    public void RuleFiles_Load()
    {
        var folder = SharedData.Folder("rules");
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is absent; it is data beside the repository");
        var (files, rules, refused) = (0, 0, new List<string>());
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsRuleFile).Order(StringComparer.Ordinal))
        {
            files++;
            var (count, findings) = Load(path);
            rules += count;
            if (findings.Count > 0)
                refused.Add($"{Path.GetRelativePath(folder, path)}: {findings[0].Message}");
        }

        output.WriteLine($"{files} files, {rules} rules, {refused.Count} refused");
        refused.ForEach(output.WriteLine);
        Assert.All(refused, line => Assert.StartsWith(NotYaml, line, StringComparison.Ordinal));
        Assert.True(files - refused.Count >= 213 && rules >= 1804, "fewer rules than were there once");
    }

    [Fact]
    public async Task RuleFiles_AreTakenOrRefusedAsPromtoolDoes()
    {
        var folders = new[] { SharedData.Folder("rules"), PromtoolFiles, Path.Combine(SharedData.Folder("promtool-unittests"), "rules", "fixtures") };
        Assert.SkipUnless(folders.All(Directory.Exists), "../shared/data/rules or promtool-unittests is absent; it is data beside the repository");
        Assert.SkipUnless(File.Exists(Promtool), $"{Promtool} is missing; install Debian's package prometheus");
        // The operator's wrapping is none of promtool's, and the rest needs a newer one than Debian's.
        string[] files = [.. folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Where(IsRuleFile)
            .Where(path => !OperatorFile().IsMatch(File.ReadAllText(path)) && Path.GetFileName(path) is not "features.yml").Order(StringComparer.Ordinal)];
        var said = await SayAsync(["check", "rules", "--lint=none", .. files]);
        var differ = new List<string>();
        foreach (var path in files)
        {
            // "  FAILED:" stands below the file's name where something is wrong with it.
            var at = said.IndexOf($"Checking {path}\n", StringComparison.Ordinal);
            Assert.True(at >= 0, $"promtool says nothing of {path}");
            var end = said.IndexOf("\nChecking ", at, StringComparison.Ordinal);
            var theirs = !said[at..(end < 0 ? said.Length : end)].Contains("FAILED", StringComparison.Ordinal);
            var (_, findings) = Load(path);
            if (theirs != (findings.Count == 0))
                differ.Add($"{path}: promtool {(theirs ? "takes" : "refuses")} it; {string.Join("; ", findings.Select(finding => finding.Message))}");
        }

        output.WriteLine($"{files.Length} files, {differ.Count} judged otherwise than promtool does");
        differ.ForEach(output.WriteLine);
        Assert.Equal([], differ);
    }

    [Theory]
    [MemberData(nameof(UnitTests))]
    public async Task UnitTests_GiveTheVerdictOfPromtool(string file, bool passes, string says)
    {
        var path = Path.Combine(PromtoolFiles, file);
        Assert.SkipUnless(File.Exists(path), $"{path} is absent; it is data beside the repository");

        var run = await Invoked.RunAsync(TestCommand.Build(), "rules", path);

        Assert.True(run.Code == (passes ? 0 : 1), run.Output);
        Assert.Contains(says, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnitTests_ByName_RunOnlyThose()
    {
        var path = Path.Combine(PromtoolFiles, "rules_run.yml");
        Assert.SkipUnless(File.Exists(path), $"{path} is absent; it is data beside the repository");

        Assert.EndsWith(": 1 tests, all well\n", (await Invoked.RunAsync(TestCommand.Build(), "rules", path, "--run", "correct")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await Invoked.RunAsync(TestCommand.Build(), "rules", path, "--run", "wrong")).Code);
        var fuzzy = Path.Combine(PromtoolFiles, "rules_run_fuzzy.yml");
        Assert.Equal(0, (await Invoked.RunAsync(TestCommand.Build(), "rules", fuzzy, "--run", "correct")).Code);
        Assert.Equal(1, (await Invoked.RunAsync(TestCommand.Build(), "rules", fuzzy, "--run", "wrong")).Code);
        Assert.Equal(2, (await Invoked.RunAsync(TestCommand.Build(), "rules", path, "--run", "(")).Code);
    }

    [Fact]
    public async Task UnitTests_WithoutTheirNativeHistograms_Pass()
    {
        var path = Path.Combine(PromtoolFiles, "unittest.yml");
        Assert.SkipUnless(File.Exists(path), $"{path} is absent; it is data beside the repository");
        var folder = Directory.CreateTempSubdirectory("unit-tests-");
        try
        {
            // A series with its values, and a question with its answers, as far as {{ }} goes.
            var text = HistogramQuestion().Replace(HistogramSeries().Replace(await File.ReadAllTextAsync(path), ""), "");
            File.Copy(Path.Combine(PromtoolFiles, "rules.yml"), Path.Combine(folder.FullName, "rules.yml"));
            var file = Path.Combine(folder.FullName, "unittest.yml");
            await File.WriteAllTextAsync(file, text);

            var run = await Invoked.RunAsync(TestCommand.Build(), "rules", file);

            output.WriteLine(run.Output);
            Assert.EndsWith("tests, all well\n", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task UnitTestsOfCollections_Pass()
    {
        var folder = SharedData.Folder("rules");
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is absent; it is data beside the repository");
        // They were written for Prometheus 2.x: a sample exactly as old as the window counts.
        var options = new RuleTestOptions(new QueryOptions { LeftClosedRanges = true });
        var (files, tests, faults) = (0, 0, new List<Finding>());
        foreach (var path in Directory.EnumerateFiles(folder, "*.y*ml", SearchOption.AllDirectories).Where(path => File.ReadAllText(path).Contains("\nrule_files:", StringComparison.Ordinal) || File.ReadAllText(path).StartsWith("rule_files:", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var (count, findings) = await RuleTestFiles.RunAsync(path, options, TestContext.Current.CancellationToken);
            (files, tests) = (files + 1, tests + count);
            faults.AddRange(findings);
        }

        output.WriteLine($"{files} files, {tests} tests, {faults.Count} faults");
        Assert.Equal([], faults);
        Assert.True(files >= 11 && tests >= 69, $"only {files} files with {tests} tests");
    }

    private static (int Rules, IReadOnlyList<Finding> Findings) Load(string path)
    {
        var read = RuleFileReader.Read(new ContentFile(path, File.ReadAllText(path)));
        return (read.Value.Sum(group => group.Rules.Length), [.. read.Findings, .. ContentCheck.Check(read.Value)]);
    }

    private static bool IsRuleFile(string path) =>
        Path.GetExtension(path) is ".yml" or ".yaml" or ".rules" or ".template" && File.ReadAllText(path) is var text
        && (Groups().IsMatch(text) || OperatorFile().IsMatch(text)) && !text.Contains("rule_files:", StringComparison.Ordinal);

    // Names stand on one stream and faults on the other: only the shell keeps their order.
    private static async Task<string> SayAsync(IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" 2>&1", Promtool, .. arguments]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return said;
    }

    [GeneratedRegex(@"^""?groups""?:", RegexOptions.Multiline)]
    private static partial Regex Groups();

    [GeneratedRegex(@"^kind: PrometheusRule", RegexOptions.Multiline)]
    private static partial Regex OperatorFile();

    [GeneratedRegex(@"^ +- series: [^\n]*\n +values: ""?'?[^\n]*\{\{[^\n]*\n", RegexOptions.Multiline)]
    private static partial Regex HistogramSeries();

    [GeneratedRegex(@"^( +)- expr: [^\n]*\n(?:\1 +[^\n]*\n)*?\1 +[^\n]*histogram: ""?'?\{\{[^\n]*\n", RegexOptions.Multiline)]
    private static partial Regex HistogramQuestion();
}

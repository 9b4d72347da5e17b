using System.Diagnostics;

namespace Observability.Server.Tests;

/// <summary><c>test rules</c> says what promtool says.</summary>
public sealed class TestCommandTests : IDisposable
{
    private const string Promtool = "/usr/bin/promtool";
    private const string Rules = """
        groups:
          - name: a
            rules:
              - record: things:sum
                expr: sum(things)
              - alert: Many
                expr: things > 5
                for: 2m
                labels: {severity: warning}
                annotations: {summary: "{{ $value }} on {{ $labels.node }} of {{ $externalLabels.cluster }}"}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rule-tests-");

    public static TheoryData<string> Shipped => [.. Directory.GetFiles(World.Folder("rules"), "*.tests.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task ShippedTests_Pass(string file)
    {
        var run = await Invoked.RunAsync(TestCommand.Build(), "rules", file);

        Assert.True(run.Code == 0, run.Output);
        Assert.EndsWith("tests, all well\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("right", "alert_rule_test: [{eval_time: 4m, alertname: Many, exp_alerts: [{exp_labels: {node: a, severity: warning}, exp_annotations: {summary: '9 on a of x'}}]}]", true)]
    [InlineData("pending", "alert_rule_test: [{eval_time: 2m, alertname: Many, exp_alerts: []}]", true)]
    [InlineData("between two steps", "alert_rule_test: [{eval_time: 4m30s, alertname: Many, exp_alerts: [{exp_labels: {node: a, severity: warning}, exp_annotations: {summary: '9 on a of x'}}]}]", true)]
    [InlineData("wrong label", "alert_rule_test: [{eval_time: 4m, alertname: Many, exp_alerts: [{exp_labels: {node: a, severity: critical}, exp_annotations: {summary: '9 on a of x'}}]}]", false)]
    [InlineData("wrong annotation", "alert_rule_test: [{eval_time: 4m, alertname: Many, exp_alerts: [{exp_labels: {node: a, severity: warning}, exp_annotations: {summary: '8 on a of x'}}]}]", false)]
    [InlineData("missing annotation", "alert_rule_test: [{eval_time: 4m, alertname: Many, exp_alerts: [{exp_labels: {node: a, severity: warning}}]}]", false)]
    [InlineData("expected none", "alert_rule_test: [{eval_time: 4m, alertname: Many, exp_alerts: []}]", false)]
    [InlineData("expected too early", "alert_rule_test: [{eval_time: 1m, alertname: Many, exp_alerts: [{exp_labels: {node: a, severity: warning}, exp_annotations: {summary: '9 on a of x'}}]}]", false)]
    [InlineData("unknown alert", "alert_rule_test: [{eval_time: 4m, alertname: Few, exp_alerts: [{exp_labels: {node: a}}]}]", false)]
    [InlineData("recorded", "promql_expr_test: [{expr: 'things:sum', eval_time: 4m, exp_samples: [{labels: 'things:sum', value: 10}]}]", true)]
    [InlineData("scalar", "promql_expr_test: [{expr: '1 + 1', eval_time: 1m, exp_samples: [{labels: '{}', value: 2}]}]", true)]
    [InlineData("wrong value", "promql_expr_test: [{expr: 'things:sum', eval_time: 4m, exp_samples: [{labels: 'things:sum', value: 11}]}]", false)]
    [InlineData("wrong name", "promql_expr_test: [{expr: 'things:sum', eval_time: 4m, exp_samples: [{labels: 'things:total', value: 10}]}]", false)]
    [InlineData("no samples", "promql_expr_test: [{expr: 'nothing', eval_time: 4m, exp_samples: []}]", true)]
    [InlineData("stale", "promql_expr_test: [{expr: 'gone', eval_time: 3m, exp_samples: []}]", true)]
    [InlineData("bad expression", "promql_expr_test: [{expr: 'sum(', eval_time: 4m}]", false)]
    [InlineData("unknown key", "alert_rules_test: []", false)]
    public async Task Expectation_HoldsOrNot_AsPromtoolSays(string what, string test, bool holds)
    {
        var file = Write(test);

        var ours = await Invoked.RunAsync(TestCommand.Build(), "rules", file);

        Assert.True(ours.Code == (holds ? 0 : 1), $"{what}: {ours.Output}");
        Assert.SkipUnless(File.Exists(Promtool), $"{Promtool} is missing; install Debian's package prometheus");
        using var promtool = Process.Start(new ProcessStartInfo(Promtool, ["test", "rules", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(holds == (promtool.ExitCode == 0), $"{what}: promtool said {said}");
    }

    [Fact]
    public async Task WrongExpectation_IsShownAsADiffWithFileAndLine()
    {
        var file = Write("alert_rule_test: [{eval_time: 4m, alertname: Many, exp_alerts: [{exp_labels: {node: b, severity: warning}, exp_annotations: {summary: x}}]}]");

        var run = await Invoked.RunAsync(TestCommand.Build(), "rules", file);

        Assert.Equal(
            $$"""
            {{file}}:10: alert Many at 4m:
                - {node="b", severity="warning"} summary="x"
                + {node="a", severity="warning"} summary="9 on a of x"
            {{file}}: 1 tests, 1 findings

            """,
            run.Output);
    }

    [Fact]
    public async Task WrongAnnotation_ShowsOnlyTheLinesThatDiffer()
    {
        var file = Write("alert_rule_test: [{eval_time: 4m, alertname: Many, exp_alerts: [{exp_labels: {node: a, severity: warning}, exp_annotations: {summary: \"9 on b of x\\nmore\", other: o}}]}]");

        var run = await Invoked.RunAsync(TestCommand.Build(), "rules", file);

        Assert.StartsWith(
            $$"""
            {{file}}:10: alert Many at 4m:
                ! {node="a", severity="warning"} other
                    - o
                ! {node="a", severity="warning"} summary, line 1
                    - 9 on b of x
                    + 9 on a of x
                ! {node="a", severity="warning"} summary, line 2
                    - more

            """,
            run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limitk(1, things)", "", false)]
    [InlineData("limitk(1, things)", "--experimental-functions", true)]
    [InlineData("limitk(1, things)", "--config", true)]
    [InlineData("count_over_time(things[2m])", "", true)]
    [InlineData("count_over_time(things[2m])", "--left-closed-ranges", false)]
    public async Task EngineSwitches_HoldInTests(string expression, string with, bool holds)
    {
        var file = Write($"promql_expr_test: [{{expr: 'count({expression} > 0) * 0 + scalar(max({expression}))', eval_time: 4m, exp_samples: [{{labels: '{{}}', value: {(expression.StartsWith("count", StringComparison.Ordinal) ? 2 : 9)}}}]}}]");
        var configuration = Path.Combine(_folder.FullName, "observability.yaml");
        await File.WriteAllTextAsync(configuration, "metrics:\n  experimental_functions: true\n");

        var run = await Invoked.RunAsync(TestCommand.Build(), ["rules", file, .. with.Length == 0 ? [] : with == "--config" ? [with, configuration] : new[] { with }]);

        Assert.True(run.Code == (holds ? 0 : 1), run.Output);
    }

    [Theory]
    [InlineData("a.rules.yaml", true)]
    [InlineData("[a-c].rules.yaml", true)]
    [InlineData("?.rules.*", true)]
    [InlineData("../rule-tests-*/a.r*.yaml", true)]
    [InlineData("b*.yaml", false)]
    [InlineData("*/a.rules.yaml", false)]
    public async Task RuleFiles_MayBeGlobs(string pattern, bool found)
    {
        var file = Write("promql_expr_test: [{expr: 'things:sum', eval_time: 4m, exp_samples: [{labels: 'things:sum', value: 10}]}]");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("'*.rules.yaml'", $"'{pattern.Replace("rule-tests-*", Path.GetFileName(_folder.FullName)[..^1] + "?", StringComparison.Ordinal)}'", StringComparison.Ordinal));

        var run = await Invoked.RunAsync(TestCommand.Build(), "rules", file);

        Assert.True(run.Code == (found ? 0 : 1), run.Output);
        if (!found)
            Assert.Contains($"rule_files: '{pattern}' matches no file", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileThatIsNotThere_IsAFindingAndTheNextFileRuns()
    {
        var file = Write("promql_expr_test: [{expr: '1', eval_time: 1m, exp_samples: [{labels: '{}', value: 1}]}]");

        var run = await Invoked.RunAsync(TestCommand.Build(), "rules", Path.Combine(_folder.FullName, "none.yaml"), file);

        Assert.Equal(1, run.Code);
        Assert.Contains("none.yaml: cannot be read", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{file}: 1 tests, all well", run.Output, StringComparison.Ordinal);
    }

    private string Write(string test)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "a.rules.yaml"), Rules);
        var file = Path.Combine(_folder.FullName, "a.tests.yaml");
        File.WriteAllText(file, $$"""
            rule_files: ['*.rules.yaml']
            evaluation_interval: 1m
            tests:
              - interval: 1m
                external_labels: {cluster: x}
                input_series:
                  - {series: 'things{node="a"}', values: '1 9x20'}
                  - {series: 'things{node="b"}', values: '1x20'}
                  - {series: 'gone', values: '1 1 stale'}
                {{test}}

            """);
        return file;
    }
}

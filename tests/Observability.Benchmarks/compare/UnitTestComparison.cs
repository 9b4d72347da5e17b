using System.Globalization;
using System.Text;

namespace Observability.Benchmarks;

/// <summary>A large file of rule unit tests: CPU of <c>observability test rules</c> beside that of promtool.</summary>
internal static class UnitTestComparison
{
    private const int Series = 400;
    private const int Minutes = 720;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("observability-unit-tests-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "compare.rules.yaml"), ComparedRules.Yaml());
            var tests = Path.Combine(folder.FullName, "compare.tests.yaml");
            await File.WriteAllTextAsync(tests, Tests());
            var ours = (await Contender.RunPinnedAsync("dotnet", [Contender.ServerAssembly, "test", "rules", tests], folder.FullName)).Successful();
            var theirs = (await Contender.RunPinnedAsync("promtool", ["test", "rules", tests], folder.FullName)).Successful();
            var table = new Table($"Unit tests of {ComparedRules.Count} rules over {Series} series, {Minutes} evaluations", "program", "CPU s", "CPU / promtool");
            table.Add("test rules", ours.CpuSeconds, ours.CpuSeconds / theirs.CpuSeconds);
            table.Add("promtool", theirs.CpuSeconds, 1);
            table.Print();
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Tests()
    {
        var text = new StringBuilder("rule_files: [compare.rules.yaml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n");
        for (var i = 0; i < Series; i++)
        {
            var name = ExporterFleet.Names[i % ExporterFleet.Names.Length];
            var entity = i / ExporterFleet.Names.Length;
            var labels = ExporterFleet.Labels(entity / 8, entity % 8).TrimEnd().Replace("{", $"{{node=\"node-{entity / 8}\",", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"      - series: '{name}{labels}'\n        values: '{i % 50}+{(i % 4 == 0 ? 60 + (i % 7) : 0)}x{Minutes}'\n");
        }

        // The sum of the rates of the 20 first counters' family: 60 + i % 7 a minute each.
        text.Append("    alert_rule_test:\n");
        for (var minute = 10; minute <= Minutes; minute += 10)
            text.Append(CultureInfo.InvariantCulture, $"      - {{eval_time: {minute}m, alertname: Compare0x0, exp_alerts: []}}\n");
        text.Append("    promql_expr_test:\n");
        for (var minute = 10; minute <= Minutes; minute += 10)
            text.Append(CultureInfo.InvariantCulture, $"      - {{expr: 'count(bench_gauge_0)', eval_time: {minute}m, exp_samples: [{{labels: '{{}}', value: {Series / ExporterFleet.Names.Length}}}]}}\n");
        return text.ToString();
    }
}

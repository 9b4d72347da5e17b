using System.Text;

namespace Observability.Benchmarks;

/// <summary>The rule group of the comparison: 60 recording and 20 alerting rules of the shapes that public collections use most.</summary>
internal static class ComparedRules
{
    private static readonly string[] s_recording =
    [
        "sum by (Hostname) (rate(bench_counter_{0}_total[1m]))",
        "sum without (gpu, UUID, pci_bus_id, device) (rate(bench_counter_{0}_total[1m]))",
        "max by (Hostname) (avg_over_time(bench_gauge_{0}[1m]))",
        "avg by (node) (bench_gauge_{0})",
        "count by (node) (bench_constant_{0} > 100)",
        "bench_gauge_{0} / on (UUID, gpu, node) bench_constant_{0}",
        "sum by (node) (bench_random_{0}) / sum by (node) (bench_gauge_{0})",
        "quantile by (modelName) (0.99, bench_random_{0})",
        "topk(10, bench_random_{0})",
        "sum by (node, gpu) (increase(bench_counter_{0}_total[2m]))",
        "stddev by (node) (bench_gauge_{0})",
        "max by (node) (bench_gauge_{0}) - min by (node) (bench_gauge_{0})",
    ];

    private static readonly string[] s_alerting =
    [
        "bench_gauge_{0} > 1000",
        "rate(bench_counter_{0}_total[1m]) > 1e6",
        "bench_constant_{0} == 1 and on (UUID) bench_random_{0} > 2",
        "delta(bench_gauge_{0}[1m]) > 500",
    ];

    /// <summary>Rules in the group.</summary>
    public static int Count => (s_recording.Length + s_alerting.Length) * 5;

    /// <summary>The rule file.</summary>
    public static string Yaml()
    {
        var text = new StringBuilder("groups:\n  - name: compare\n    rules:\n");
        for (var i = 0; i < 5; i++)
        {
            for (var k = 0; k < s_recording.Length; k++)
                text.Append($"      - record: compare:rule_{k}:{i}\n        expr: '{s_recording[k].Replace("{0}", $"{i}", StringComparison.Ordinal)}'\n");
            for (var k = 0; k < s_alerting.Length; k++)
                text.Append($"      - alert: Compare{k}x{i}\n        expr: '{s_alerting[k].Replace("{0}", $"{i}", StringComparison.Ordinal)}'\n        for: 1m\n");
        }

        return text.ToString();
    }
}

using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Alerting.Tests;

/// <summary>The fault catalogue of the repository. Its YAML is read by Content; here every row is one block of ten lines.</summary>
public sealed partial class FaultFilesTests
{
    private static readonly string[] s_keys = ["code", "meaning", "class", "role", "severity", "action", "hold", "count", "window", "reference"];
    private static readonly string[] s_actions = ["ignore", "restart-app", "reset-gpu", "reboot-node", "drain-and-inspect", "replace", "investigate"];

    private static readonly string[] s_files = [.. RuleFilesTests.Files("*.yaml").Where(file => file.Contains("/faults/", StringComparison.Ordinal))];

    public static TheoryData<string> Files => [.. s_files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Row_EveryValue_IsKnown(string file)
    {
        var rows = Read(file);
        Assert.NotEmpty(rows);
        Assert.Equal(rows.Count, rows.Select(row => row["code"]).Distinct().Count());
        foreach (var row in rows)
        {
            Assert.Equal(s_keys, row.Keys);
            Assert.Contains(row["class"], FaultClass.All);
            Assert.Contains(row["role"], new[] { "cause", "symptom" });
            Assert.Contains(row["severity"], new[] { "critical", "warning", "info", "none" });
            Assert.Contains(row["action"], s_actions);
            Assert.Matches(@"^\d+[smh]$", row["hold"]);
            Assert.True(row["reference"].Length > 2, $"{row["code"]} names no source");
        }
    }

    [Fact]
    public void UnknownCodes_AreLookedAtAndNeverCordon()
    {
        var rows = s_files.SelectMany(Read).Where(row => row["code"].EndsWith("*'", StringComparison.Ordinal)).ToArray();
        Assert.Equal(6, rows.Length);
        Assert.All(rows, row => Assert.Equal(("symptom", true), (row["role"], row["action"] is "investigate" or "ignore")));
    }

    [Theory]
    [InlineData("xid:79", "gpu_off_bus", "cause", "critical", "reboot-node")]
    [InlineData("xid:95", "ecc_uncontained", "cause", "critical", "reset-gpu")]
    [InlineData("xid:63", "row_remap_pending", "cause", "warning", "reset-gpu")]
    [InlineData("xid:45", "job_killed", "symptom", "info", "ignore")]
    [InlineData("xid:43", "user_code_error", "symptom", "warning", "restart-app")]
    [InlineData("xid:119", "gsp_timeout", "cause", "critical", "reset-gpu")]
    [InlineData("sxid:20034", "nvlink_error", "symptom", "warning", "investigate")]
    [InlineData("mlx5:link_down", "leaf_flap", "symptom", "warning", "investigate")]
    [InlineData("replay:transient_error", "silent_corruption", "cause", "critical", "drain-and-inspect")]
    [InlineData("replay:correct_result", "user_code_error", "cause", "warning", "investigate")]
    [InlineData("nccl:watchdog_timeout", "user_code_hang", "symptom", "warning", "investigate")]
    [InlineData("change:deploy", "bad_change", "symptom", "info", "investigate")]
    [InlineData("change:push", "unknown", "symptom", "none", "ignore")]
    [InlineData("change:maintenance_start", "maintenance", "cause", "info", "ignore")]
    public void Row_ThatTheSimulatorShows_SaysWhatItShould(string code, string faultClass, string role, string severity, string action)
    {
        var row = s_files.SelectMany(Read).Single(row => row["code"] == code);
        Assert.Equal((faultClass, role, severity, action), (row["class"], row["role"], row["severity"], row["action"]));
    }

    private static List<Dictionary<string, string>> Read(string file)
    {
        var rows = new List<Dictionary<string, string>>();
        foreach (var match in Line().Matches(File.ReadAllText(file)).Cast<Match>())
        {
            if (match.Groups[1].Value == "code")
                rows.Add(new(StringComparer.Ordinal));
            rows[^1].Add(match.Groups[1].Value, match.Groups[2].Value);
        }

        return rows;
    }

    [GeneratedRegex(@"^  (?:- |  )(\w+): (.*)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}

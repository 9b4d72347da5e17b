using Observability.Model;

namespace Observability.Content.Tests;

public sealed class RuleFileReaderTests
{
    private static readonly string Shared = Testing.SharedData.Folder("rules");

    [Fact]
    public void RuleFile_WithBothKindsOfRules_IsReadWithLines()
    {
        var read = RuleFileReader.Read(new ContentFile("gpu.rules.yaml",
            """
            groups:
              - name: gpu
                interval: 30s
                query_offset: 1m
                limit: 10
                labels: {team: sre}
                rules:
                  - record: job:up:sum
                    expr: sum by (job) (up)
                    labels: {level: 1}
                  - alert: Down
                    expr: up == 0
                    for: 1h30m
                    keep_firing_for: 1d
                    labels:
                      severity: critical
                      empty:
                    annotations:
                      summary: '{{ $labels.job }} is down'
              - name: empty
                interval: 0s
            """));

        Assert.Empty(read.Findings);
        Assert.Empty(read.Warnings);
        Assert.Equal(2, read.Value.Length);
        var group = read.Value[0];
        Assert.Equal(
            new RuleGroupSpec
            {
                Name = "gpu",
                Interval = TimeSpan.FromSeconds(30),
                QueryOffset = TimeSpan.FromMinutes(1),
                Limit = 10,
                Labels = LabelSet.Of(("team", "sre")),
                Rules = group.Rules,
                Source = new SourceLine("gpu.rules.yaml", 2),
            },
            group);
        Assert.Equal(
            [
                new RuleSpec
                {
                    Name = "job:up:sum",
                    IsAlert = false,
                    Expression = "sum by (job) (up)",
                    Labels = LabelSet.Of(("level", "1")),
                    Source = new SourceLine("gpu.rules.yaml", 8),
                },
                new RuleSpec
                {
                    Name = "Down",
                    IsAlert = true,
                    Expression = "up == 0",
                    For = TimeSpan.FromMinutes(90),
                    KeepFiringFor = TimeSpan.FromDays(1),
                    Labels = LabelSet.Of(("severity", "critical")),
                    Annotations = LabelSet.Of(("summary", "{{ $labels.job }} is down")),
                    Source = new SourceLine("gpu.rules.yaml", 11),
                },
            ],
            group.Rules);
        Assert.Equal(("empty", (TimeSpan?)null, 0), (read.Value[1].Name, read.Value[1].Interval, read.Value[1].Rules.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("groups:\n")]
    [InlineData("groups: []\n---\nnot: read\n")]
    public void RuleFile_WithoutGroups_IsFine(string text)
    {
        var read = RuleFileReader.Read(new ContentFile("a", text));

        Assert.Empty(read.Findings);
        Assert.Empty(read.Value);
    }

    [Fact]
    public void RuleFile_WithOneBadRule_KeepsTheOtherGroups()
    {
        var read = RuleFileReader.Read(new ContentFile("a", "groups: [{name: bad, rules: [{record: x}]}, {name: good, rules: [{record: x, expr: '1'}]}]"));

        Assert.Equal(["a:1: expr is missing"], read.Findings.Select(finding => finding.ToString()));
        Assert.Equal(["good"], read.Value.Select(group => group.Name));
    }

    [Fact]
    public void Standing_ThatIsNoStanding_IsWarnedOfAndStays()
    {
        var read = RuleFileReader.Read(new ContentFile("a", "groups:\n- name: g\n  rules:\n  - alert: X\n    expr: '1'\n    labels: {standing: shadow}\n    annotations: {standing: shaddow}\n"));

        Assert.Empty(read.Findings);
        Assert.Equal(["a:7: annotations has standing 'shaddow', which is ignored; use shadow or live"], read.Warnings.Select(finding => finding.ToString()));
        Assert.Equal("shadow", read.Value[0].Rules[0].Labels["standing"]);
    }

    [Fact]
    public void RuleFile_WithTheSameRuleTwice_IsWarnedOf()
    {
        var read = RuleFileReader.Read(new ContentFile("a", "groups:\n- name: g\n  rules:\n  - {record: x, expr: '1'}\n  - {record: x, expr: '2'}\n"));

        Assert.Empty(read.Findings);
        Assert.Equal(["a:5: x with the same labels is also at a:4"], read.Warnings.Select(finding => finding.ToString()));
    }

    [Fact]
    public void SharedRuleFiles_WhenRead_GiveEveryRule()
    {
        Assert.SkipUnless(Directory.Exists(Shared), $"the rule collections are not at {Shared}");
        var (files, rules, refused) = (0, 0, new List<string>());
        foreach (var path in Directory.EnumerateFiles(Shared, "*.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where(IsRuleFile))
        {
            var read = RuleFileReader.Read(new ContentFile(Path.GetRelativePath(Shared, path), File.ReadAllText(path)));
            files++;
            rules += read.Value.Sum(group => group.Rules.Length);
            refused.AddRange(read.Findings.Select(finding => finding.ToString()));
        }

        TestContext.Current.SendDiagnosticMessage($"{files} files, {rules} rules, {refused.Count} findings");
        Assert.Equal([], refused);
        Assert.Equal((210, 1740), (files, rules));
    }

    private static bool IsRuleFile(string path)
    {
        var text = Path.GetExtension(path) is ".yaml" or ".yml" or ".rules" ? File.ReadAllText(path) : "";
        // Templates of other tools are no YAML before they are filled in.
        var isTemplate = text.Contains("{% ", StringComparison.Ordinal) || text.Contains("{#", StringComparison.Ordinal);
        return !isTemplate && text.Split('\n').Any(line => line.TrimEnd() == "groups:" || line.TrimEnd() == "  groups:");
    }
}

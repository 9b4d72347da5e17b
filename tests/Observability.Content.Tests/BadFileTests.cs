namespace Observability.Content.Tests;

/// <summary>Every <c>*.bad.*</c> file must give exactly the findings in the <c>.txt</c> beside it. UPDATE_GOLDEN=1 rewrites them.</summary>
public sealed class BadFileTests
{
    private static readonly HashSet<string> Actions = ["kubernetes.cordon", "kubernetes.uncordon", "notify"];

    public static TheoryData<string> Names => [.. Cases.Bad()];

    [Theory]
    [MemberData(nameof(Names))]
    public void BadFile_WhenRead_GivesExactlyItsFindings(string name)
    {
        var findings = string.Join('\n', Findings(new ContentFile(name, Cases.Text(name)))) + "\n";
        Cases.AssertGolden(Path.ChangeExtension(name, ".txt"), findings);
    }

    private static IEnumerable<string> Findings(ContentFile file)
    {
        var (findings, warnings) = file.Path.Split('-')[0] switch
        {
            "rules" => Of(RuleFileReader.Read(file)),
            "faults" => Of(FaultCatalogueReader.Read([file])),
            "slo" => Of(SloFileReader.Read([file])),
            "runbook" => Of(RunbookReader.Read(file, Actions)),
            "tests" => Of(RuleTestFileReader.Read(file)),
            _ => Of(ObservabilityYaml.Read(file)),
        };
        return findings.Concat(warnings.Select(warning => $"warning: {warning}"));
    }

    private static (IEnumerable<string> Findings, IEnumerable<string> Warnings) Of<T>(ReadResult<T> result) =>
        (result.Findings.Select(finding => finding.ToString()), result.Warnings.Select(warning => warning.ToString()));
}

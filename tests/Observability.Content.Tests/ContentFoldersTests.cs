namespace Observability.Content.Tests;

public sealed class ContentFoldersTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("content-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Folders_WithOneTooLargeAndOneMissing_ReadTheRest()
    {
        Write("rules/gpu/gpu.rules.yaml", "groups: [{name: g, rules: [{record: x, expr: '1'}]}]");
        Write("rules/gpu/gpu.tests.yaml", "not: read");
        Write("rules/gpu/large.rules.yaml", new string('#', 201));
        Write("rules/faults/a.yaml", "faults: []");
        Write("runbooks/README.md", "not a runbook");

        var read = new ContentFolders(new ContentOptions { MaximumFileBytes = 200 }).Read(In("rules"), In("runbooks"), new HashSet<string>());

        Assert.Equal(
            [$"{In("rules/gpu/large.rules.yaml")}: has 201 bytes; at most 200 are read", $"{In("rules/slos")}: is not a folder"],
            read.Findings.Select(finding => finding.ToString()));
        Assert.Equal(["g"], read.Value.RuleGroups.Select(group => group.Name));
    }

    [Fact]
    public void Slos_OfTheRepository_AreReadWithoutFindings()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Cases.Root, "rules", "slos"), "*.yaml").Order(StringComparer.Ordinal);

        var read = SloFileReader.Read([.. files.Select(path => new ContentFile(Path.GetFileName(path), File.ReadAllText(path)))]);

        Assert.Equal([], read.Findings);
        Assert.Equal([], read.Warnings);
        Assert.Equal(["alert-to-action", "node-availability", "training-goodput", "training-mfu"], read.Value.Select(slo => slo.Id));
        Assert.All(read.Value, slo => Assert.Equal(3, slo.BurnRates.Length));
    }

    private string In(string path) => Path.Combine(_folder.FullName, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), text);
    }
}

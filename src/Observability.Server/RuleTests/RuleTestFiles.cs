using Observability.Content;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Files of rule unit tests in promtool's format, each with the rule files it names. Everything that is wrong in one file is
/// reported and the next file goes on.
/// </summary>
internal static class RuleTestFiles
{
    /// <summary>Runs one file.</summary>
    /// <param name="path">The file; its rule files are relative to its folder, and may be globs.</param>
    /// <param name="leftClosed">True for ranges closed on the left, as Prometheus 2.x evaluated.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many tests ran, and a finding for each expectation that does not hold.</returns>
    public static async Task<(int Tests, IReadOnlyList<Finding> Findings)> RunAsync(string path, bool leftClosed, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var folders = new ContentFolders(new Observability.Content.ContentOptions());
        if (folders.ReadFile(path, findings) is not { } file)
            return (0, findings);
        var read = RuleTestFileReader.Read(file);
        findings.AddRange(read.Findings);
        if (read.Value is not { } spec)
            return (0, findings);
        var groups = ReadRules(spec, path, folders, findings);
        if (findings.Count > 0)
            return (0, findings);
        foreach (var test in spec.Tests)
        {
            await using var run = new RuleTestCase(test, spec, groups, leftClosed);
            findings.AddRange(await run.RunAsync(cancellationToken));
        }

        return (spec.Tests.Length, findings);
    }

    private static List<RuleGroupSpec> ReadRules(RuleTestFileSpec spec, string path, ContentFolders folders, List<Finding> findings)
    {
        var groups = new List<RuleGroupSpec>();
        foreach (var pattern in spec.RuleFiles)
        {
            var files = Expand(Path.GetDirectoryName(path) ?? "", pattern);
            if (files.Length == 0)
                findings.Add(new Finding(new SourceLine(path, 0), $"rule_files: '{pattern}' matches no file"));
            foreach (var rules in files.Select(name => folders.ReadFile(name, findings)).OfType<ContentFile>())
            {
                var read = RuleFileReader.Read(rules);
                findings.AddRange(read.Findings);
                groups.AddRange(read.Value);
            }
        }

        findings.AddRange(ContentCheck.Check(groups));
        // As promtool does: groups that the order does not name come first.
        return [.. groups.OrderBy(group => spec.GroupEvaluationOrder.IndexOf(group.Name))];
    }

    // As Go's filepath.Glob: * and ? stay within one folder's names.
    private static string[] Expand(string folder, string pattern)
    {
        var full = Path.Combine(folder, pattern);
        if (!full.Contains('*', StringComparison.Ordinal) && !full.Contains('?', StringComparison.Ordinal))
            return File.Exists(full) ? [full] : [];
        var parent = Path.GetDirectoryName(full) is { Length: > 0 } named ? named : ".";
        return Directory.Exists(parent)
            ? [.. Directory.EnumerateFiles(parent, Path.GetFileName(full)).Order(StringComparer.Ordinal)]
            : [];
    }
}

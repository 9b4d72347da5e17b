using System.Text.RegularExpressions;
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
    /// <param name="options">How the engine evaluates, and which tests run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many tests ran, and a finding for each expectation that does not hold.</returns>
    public static async Task<(int Tests, IReadOnlyList<Finding> Findings)> RunAsync(string path, RuleTestOptions options, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var folders = new ContentFolders(new Observability.Content.ContentOptions());
        if (folders.ReadFile(path, findings) is not { } file)
            return (0, findings);
        var read = RuleTestFileReader.Read(file);
        findings.AddRange(read.Findings);
        if (read.Value is not { } spec)
            return (0, findings);
        var groups = ReadRules(spec, path, folders, options.Queries.ExperimentalFunctions, findings);
        if (findings.Count > 0)
            return (0, findings);
        var tests = spec.Tests.Where(test => options.Names?.IsMatch(test.Name) != false).ToArray();
        foreach (var test in tests)
        {
            await using var run = new RuleTestCase(test, spec, groups, options.Queries);
            findings.AddRange(await run.RunAsync(cancellationToken));
        }

        return (tests.Length, findings);
    }

    private static List<RuleGroupSpec> ReadRules(RuleTestFileSpec spec, string path, ContentFolders folders, bool experimental, List<Finding> findings)
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

        findings.AddRange(ContentCheck.Check(groups, experimental));
        // As promtool does: groups that the order does not name come first.
        return [.. groups.OrderBy(group => spec.GroupEvaluationOrder.IndexOf(group.Name))];
    }

    // As Go's filepath.Glob: *, ? and [a-z] match within one name; a pattern may have them in its folders too.
    private static string[] Expand(string folder, string pattern)
    {
        if (pattern.AsSpan().IndexOfAny('*', '?', '[') < 0)
            return File.Exists(Path.Combine(folder, pattern)) ? [Path.Combine(folder, pattern)] : [];
        IEnumerable<string> found = [Path.IsPathRooted(pattern) ? Path.GetPathRoot(pattern)! : folder];
        var names = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < names.Length; i++)
        {
            var (name, isLast) = (names[i], i == names.Length - 1);
            found = found.SelectMany(parent => Matching(parent, name, isLast));
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Matching(string parent, string name, bool isFile)
    {
        if (name.AsSpan().IndexOfAny('*', '?', '[') < 0)
        {
            var path = Path.Combine(parent, name);
            return (isFile ? File.Exists(path) : Directory.Exists(path)) ? [path] : [];
        }

        var places = parent.Length == 0 ? "." : parent;
        if (!Directory.Exists(places))
            return [];
        var text = Regex.Escape(name).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal).Replace("\\[", "[", StringComparison.Ordinal);
        var fits = new Regex($"\\A{text}\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        return (isFile ? Directory.EnumerateFiles(places) : Directory.EnumerateDirectories(places))
            .Select(path => Path.GetFileName(path)).Where(entry => fits.IsMatch(entry)).Select(entry => Path.Combine(parent, entry));
    }
}

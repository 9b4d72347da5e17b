using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>
/// Reads the operator's two folders: <c>rules/</c> with <c>**/*.rules.yaml</c>, <c>faults/*.yaml</c> and <c>slos/*.yaml</c>, and
/// <c>runbooks/*.md</c>. Files are read in the order of their names.
/// </summary>
public sealed class ContentFolders(ContentOptions options)
{
    /// <summary>Everything in both folders, with all findings of all files. A folder that is not there is a finding.</summary>
    public ReadResult<ContentSet> Read(string rules, string runbooks, IReadOnlySet<string> knownActions)
    {
        var findings = new List<Finding>();
        var groups = Files(rules, "*.rules.yaml", SearchOption.AllDirectories, findings).Select(RuleFileReader.Read).ToArray();
        var faults = FaultCatalogueReader.Read(Files(Path.Combine(rules, "faults"), "*.yaml", SearchOption.TopDirectoryOnly, findings));
        var slos = SloFileReader.Read(Files(Path.Combine(rules, "slos"), "*.yaml", SearchOption.TopDirectoryOnly, findings));
        var books = Files(runbooks, "*.md", SearchOption.TopDirectoryOnly, findings)
            .Where(file => !Path.GetFileName(file.Path).Equals("README.md", StringComparison.OrdinalIgnoreCase))
            .Select(file => RunbookReader.Read(file, knownActions)).ToArray();
        var set = new ContentSet
        {
            RuleGroups = [.. groups.SelectMany(group => group.Value)],
            Faults = faults.Value,
            Slos = slos.Value,
            Runbooks = [.. books.Select(book => book.Value).OfType<Runbook>()],
        };
        findings.AddRange([.. groups.SelectMany(group => group.Findings), .. faults.Findings, .. slos.Findings, .. books.SelectMany(book => book.Findings)]);
        ImmutableArray<Finding> warnings =
            [.. groups.SelectMany(group => group.Warnings), .. faults.Warnings, .. slos.Warnings, .. books.SelectMany(book => book.Warnings)];
        return new ReadResult<ContentSet>(set, [.. findings], warnings);
    }

    /// <summary>Reads one file; null, with a finding, where it is not there or too large.</summary>
    public ContentFile? ReadFile(string path, ICollection<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        try
        {
            var size = new FileInfo(path).Length;
            if (size <= options.MaximumFileBytes)
                return new ContentFile(path, File.ReadAllText(path));
            findings.Add(new Finding(new SourceLine(path, 0), $"has {size} bytes; at most {options.MaximumFileBytes} are read"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Add(new Finding(new SourceLine(path, 0), $"cannot be read: {e.Message}"));
        }

        return null;
    }

    private List<ContentFile> Files(string folder, string pattern, SearchOption depth, List<Finding> findings)
    {
        if (!Directory.Exists(folder))
        {
            findings.Add(new Finding(new SourceLine(folder, 0), "is not a folder"));
            return [];
        }

        var paths = Directory.EnumerateFiles(folder, pattern, depth).Take(options.MaximumFiles + 1).Order(StringComparer.Ordinal).ToArray();
        if (paths.Length > options.MaximumFiles)
            findings.Add(new Finding(new SourceLine(folder, 0), $"has more than {options.MaximumFiles} files {pattern}; the others are not read"));
        var files = new List<ContentFile>();
        foreach (var path in paths.Take(options.MaximumFiles))
        {
            if (ReadFile(path, findings) is { } file)
                files.Add(file);
        }

        return files;
    }
}

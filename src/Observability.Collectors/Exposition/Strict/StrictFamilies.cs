using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>The families of a body in their order: each comes once, and no two share the name of a sample.</summary>
internal sealed partial class StrictFamilies
{
    private readonly HashSet<string> _families = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sampleNames = new(StringComparer.Ordinal);
    private StrictFamily? _current;

    /// <summary>Takes a line; a reason where it is refused.</summary>
    public string? Read(string line)
    {
        if (line.StartsWith('#'))
            return Comment(line);
        if (StrictLine.Read(line, out var reason) is not { } sample)
            return reason;
        if (_current is null || !_current.SampleNames.Contains(sample.Name))
        {
            if (sample.Name == _current?.Name)
                return $"a sample of the {_current.Type.Name} {_current.Name} ends with {string.Join(" or ", _current.Type.Suffixes)}";
            if (Begin(sample.Name) is { } fault)
                return fault;
        }

        return _current!.Add(sample);
    }

    /// <summary>Why the body may not end here; null where it may.</summary>
    public string? End() => EndCurrent();

    private string? Comment(string line)
    {
        var match = Description().Match(line);
        if (!match.Success)
            return "a comment is '# TYPE name type', '# HELP name text', '# UNIT name unit' or '# EOF', with single spaces";
        var name = match.Groups["name"].Value;
        if (name != _current?.Name && Begin(name) is { } fault)
            return fault;
        return _current!.Describe(match.Groups["keyword"].Value, match.Groups["text"].Value);
    }

    private string? Begin(string family)
    {
        var unfinished = EndCurrent();
        _current = new StrictFamily(family);
        if (unfinished is not null)
            return unfinished;
        if (!_families.Add(family))
            return $"the family {family} stands in two places";
        return _sampleNames.Contains(family) ? $"{family} is the name of another family's sample" : null;
    }

    private string? EndCurrent()
    {
        if (_current is not { } family)
            return null;
        _current = null;
        var clash = family.SampleNames.FirstOrDefault(name => !_sampleNames.Add(name));
        return family.End() ?? (clash is null ? null : $"{clash} is the name of another family's sample");
    }

    [GeneratedRegex("^# (?<keyword>TYPE|HELP|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.*)\\z", RegexOptions.Singleline)]
    private static partial Regex Description();
}

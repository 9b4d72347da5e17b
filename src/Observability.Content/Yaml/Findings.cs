using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>Collects what is wrong, so that one reading reports every fault.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _faults = [];
    private readonly List<Finding> _warnings = [];

    public int Count => _faults.Count;

    public void Add(SourceLine at, string message) => _faults.Add(new Finding(at, message));

    public void Warn(SourceLine at, string message) => _warnings.Add(new Finding(at, message));

    public ReadResult<T> With<T>(T value) => new(value, InOrder(_faults), InOrder(_warnings));

    private static ImmutableArray<Finding> InOrder(List<Finding> findings) =>
        [.. findings.Distinct().OrderBy(finding => finding.At.File, StringComparer.Ordinal).ThenBy(finding => finding.At.Line)];
}

using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>What became of one file of a recording.</summary>
/// <param name="Path">Its path below the folder.</param>
/// <param name="Kind"><c>exposition</c>, <c>log</c>, <c>otlp</c>, <c>topology</c>, or <c>skipped</c>.</param>
public sealed record RecordedFile(string Path, string Kind)
{
    /// <summary>Lines read; for OTLP, data points; for a topology, entities and edges.</summary>
    public long Lines { get; init; }

    /// <summary>Samples taken.</summary>
    public long Samples { get; init; }

    /// <summary>Events found.</summary>
    public long Events { get; init; }

    /// <summary>Lines or points refused.</summary>
    public long Refused { get; init; }

    /// <summary>Why the first of them were refused, or why the file was skipped.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];
}

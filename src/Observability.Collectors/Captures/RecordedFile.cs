using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>What became of one file of a recording.</summary>
/// <param name="Path">Its path below the folder.</param>
/// <param name="Kind">What it was read as, <c>exposition</c> or <c>log</c> for example, or <c>skipped</c>.</param>
public sealed record RecordedFile(string Path, string Kind)
{
    /// <summary>Lines read; for OTLP, data points; for a topology, entities and edges; for another document, its records.</summary>
    public long Lines { get; init; }

    /// <summary>Samples taken.</summary>
    public long Samples { get; init; }

    /// <summary>Events found.</summary>
    public long Events { get; init; }

    /// <summary>Entities of the fleet's shape that it names.</summary>
    public long Entities { get; init; }

    /// <summary>Lines, points or records refused.</summary>
    public long Refused { get; init; }

    /// <summary>Why the first of them were refused, or why the file was skipped.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>A file that was not read.</summary>
    internal static RecordedFile Skipped(string path, string why) => new(path, "skipped") { Reasons = [why] };
}

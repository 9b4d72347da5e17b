namespace Observability.Collectors;

/// <summary>What one read of a log brought.</summary>
internal sealed record TailRead(TailPosition? Position, IReadOnlyList<string> Lines)
{
    /// <summary>Identity of the node's boot, where the source says it.</summary>
    public string BootId { get; init; } = "";

    /// <summary>When that boot was, where the source says it.</summary>
    public DateTimeOffset? BootTime { get; init; }

    /// <summary>Lines that were cut because they were too long.</summary>
    public int Cut { get; init; }

    /// <summary>Why it could not be read, or an empty string.</summary>
    public string Error { get; init; } = "";

    /// <summary>True where the log holds more than this read took: read again at once.</summary>
    public bool HasMore { get; init; }
}

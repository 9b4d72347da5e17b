namespace Observability.Content;

/// <summary>Limits of what is read from the operator's folders.</summary>
public sealed class ContentOptions
{
    /// <summary>Largest file, in bytes.</summary>
    public long MaximumFileBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Most files of one kind.</summary>
    public int MaximumFiles { get; set; } = 10_000;
}

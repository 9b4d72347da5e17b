namespace Observability.Model;

/// <summary>A place in a file.</summary>
/// <param name="File">Path as the operator gave it.</param>
/// <param name="Line">1-based; 0 where the whole file is meant.</param>
public readonly record struct SourceLine(string File, int Line)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"{File}:{Line}" : File;
}

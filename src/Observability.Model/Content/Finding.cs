namespace Observability.Model;

/// <summary>Something wrong in a file an operator edits.</summary>
/// <param name="At">Where.</param>
/// <param name="Message">What is wrong, the value seen, and what to change.</param>
public sealed record Finding(SourceLine At, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{At}: {Message}";
}

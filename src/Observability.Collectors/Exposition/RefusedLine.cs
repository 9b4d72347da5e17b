namespace Observability.Collectors;

/// <summary>A line that was not taken, and why.</summary>
/// <param name="Line">Number of the line, from 1.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Text">The line, at most 160 characters.</param>
public sealed record RefusedLine(int Line, string Reason, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}: {Reason}: {Text}";
}

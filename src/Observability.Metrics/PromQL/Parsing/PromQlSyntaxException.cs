namespace Observability.Metrics;

/// <summary>Leaves the recursive descent; <see cref="PromQlParser"/> turns it into a value.</summary>
internal sealed class PromQlSyntaxException(int position, string message) : Exception(message)
{
    public int Position { get; } = position;
}

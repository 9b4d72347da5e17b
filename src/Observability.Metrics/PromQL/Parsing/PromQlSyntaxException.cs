namespace Observability.Metrics;

/// <summary>Text that is not PromQL; caught where parsing starts and turned into a value.</summary>
internal sealed class PromQlSyntaxException(int position, string message) : Exception(message)
{
    public int Position { get; } = position;
}

namespace Observability.Metrics;

/// <summary>A query that cannot be answered; caught by the engine and turned into a <see cref="QueryError"/>.</summary>
internal sealed class QueryFailureException(string type, string message) : Exception(message)
{
    public string Type { get; } = type;
}

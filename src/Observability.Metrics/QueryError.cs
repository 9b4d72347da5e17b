namespace Observability.Metrics;

/// <summary>Why a query gave no value, in the words of the Prometheus HTTP API.</summary>
/// <param name="Type"><c>bad_data</c>, <c>execution</c>, <c>timeout</c> or <c>unavailable</c>.</param>
/// <param name="Message">What is wrong, and for a parse error the column: <c>1:7: parse error: …</c>.</param>
public sealed record QueryError(string Type, string Message);

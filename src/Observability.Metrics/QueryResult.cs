using Observability.Model;

namespace Observability.Metrics;

/// <summary>The answer to a query. Exactly one of the value properties is filled, as <see cref="Kind"/> says.</summary>
public sealed record QueryResult
{
    /// <summary>Type of the value.</summary>
    public required QueryResultKind Kind { get; init; }

    /// <summary>The number of a scalar.</summary>
    public Sample Scalar { get; init; }

    /// <summary>The text of a string value.</summary>
    public string Text { get; init; } = "";

    /// <summary>The samples of a vector, in the engine's order.</summary>
    public IReadOnlyList<SeriesSample> Vector { get; init; } = [];

    /// <summary>The series of a matrix, in the engine's order.</summary>
    public IReadOnlyList<SeriesRange> Matrix { get; init; } = [];

    /// <summary>Remarks that do not change the value.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why there is no value; null on success.</summary>
    public QueryError? Error { get; init; }

    /// <summary>What it took; null where an engine does not say.</summary>
    public QueryCost? Cost { get; init; }

    /// <summary>A failure.</summary>
    public static QueryResult Failed(string type, string message) =>
        new() { Kind = QueryResultKind.Vector, Error = new QueryError(type, message) };
}

namespace Observability.Metrics;

/// <summary>The type of a PromQL value.</summary>
public enum QueryResultKind
{
    /// <summary>One number without labels.</summary>
    Scalar,

    /// <summary>A text.</summary>
    Text,

    /// <summary>One sample per series, all of one time.</summary>
    Vector,

    /// <summary>A range of samples per series.</summary>
    Matrix,
}

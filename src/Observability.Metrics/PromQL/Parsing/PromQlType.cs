namespace Observability.Metrics;

/// <summary>The type of a PromQL expression.</summary>
public enum PromQlType
{
    /// <summary>A number.</summary>
    Scalar,

    /// <summary>A text.</summary>
    Text,

    /// <summary>At most one sample per series.</summary>
    InstantVector,

    /// <summary>A window of samples per series.</summary>
    RangeVector,
}

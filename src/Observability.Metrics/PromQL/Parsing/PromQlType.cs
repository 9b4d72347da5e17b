namespace Observability.Metrics;

/// <summary>The type of a PromQL expression.</summary>
public enum PromQlType
{
    /// <summary>A number.</summary>
    Scalar,

    /// <summary>A text.</summary>
    Text,

    /// <summary>An instant vector.</summary>
    Vector,

    /// <summary>A range vector.</summary>
    Matrix,
}

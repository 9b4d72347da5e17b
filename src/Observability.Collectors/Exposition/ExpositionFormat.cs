namespace Observability.Collectors;

/// <summary>Which text format a body is in.</summary>
public enum ExpositionFormat
{
    /// <summary>Prometheus text 0.0.4, read tolerantly: spaces after commas, carriage returns, a missing last line feed.</summary>
    Text,

    /// <summary>OpenMetrics 1.0 line by line: seconds as time, exemplars skipped, <c># EOF</c> required.</summary>
    OpenMetrics,
}

namespace Observability.Collectors;

/// <summary>What an OTLP door takes.</summary>
public enum OtlpSignal
{
    /// <summary>ExportMetricsServiceRequest.</summary>
    Metrics,

    /// <summary>ExportTraceServiceRequest.</summary>
    Traces,

    /// <summary>ExportLogsServiceRequest.</summary>
    Logs,
}

namespace Observability.Incidents;

/// <summary>What a column of measurements is about.</summary>
/// <param name="Node">Which node.</param>
/// <param name="Metric">What is measured: latency, availability, requests.</param>
/// <param name="Statistic">How an interval is summed up: Average, p99, Sum.</param>
public readonly record struct MetricColumn(string Node, string Metric, string Statistic);

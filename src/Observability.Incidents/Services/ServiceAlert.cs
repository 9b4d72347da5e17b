namespace Observability.Incidents;

/// <summary>An alert about a node of a service graph.</summary>
/// <param name="Entity">The node; of a request between two nodes the one that was asked.</param>
/// <param name="Source">What saw it.</param>
/// <param name="Type">What it says, without names of entities: a metric and its direction, an operation and its status, a log template.</param>
/// <param name="At">When; null where the source does not tell.</param>
public sealed record ServiceAlert(string Entity, ServiceAlertSource Source, string Type, DateTimeOffset? At);

namespace Observability.Incidents;

/// <summary>An edge of a service graph.</summary>
/// <param name="From">Caller, or the whole.</param>
/// <param name="Edge">How they are joined.</param>
/// <param name="To">Callee, or the part.</param>
public readonly record struct ServiceLink(string From, ServiceEdge Edge, string To);

namespace Observability.Incidents;

/// <summary>How two nodes of a service graph are joined.</summary>
public enum ServiceEdge
{
    /// <summary>The first asks the second for something: trouble travels from the second to the first.</summary>
    Calls,

    /// <summary>The second is a part of the first: a replica of a service, an instance on a host. What befalls the whole shows on all its parts.</summary>
    Contains,
}

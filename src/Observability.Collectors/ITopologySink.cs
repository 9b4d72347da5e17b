using Observability.Model;

namespace Observability.Collectors;

/// <summary>Where news of the fleet's shape go.</summary>
public interface ITopologySink
{
    /// <summary>Takes a change.</summary>
    void Apply(TopologyChange change);
}

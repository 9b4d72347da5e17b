namespace Observability.Model;

/// <summary>
/// The topology that stages and detectors look at. Only the stage host replaces it, between two items, so that a
/// stage sees one graph per item.
/// </summary>
public sealed class TopologyView
{
    private volatile Topology _current = Topology.Empty;

    /// <summary>The graph of this moment.</summary>
    public Topology Current => _current;

    /// <summary>Applies a change and returns the new graph.</summary>
    public Topology Apply(TopologyChange change) => _current = _current.Apply(change);
}

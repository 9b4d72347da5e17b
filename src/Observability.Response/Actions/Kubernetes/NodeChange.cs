using k8s.Models;

namespace Observability.Response;

/// <summary>What to write on a node, and how to see that it is there.</summary>
/// <param name="Detail">One sentence for the timeline.</param>
/// <param name="Patch">A JSON merge patch; null where nothing needs to be written.</param>
/// <param name="IsThere">True where the node that came back has the effect.</param>
internal sealed record NodeChange(string Detail, object? Patch, Func<V1Node, bool> IsThere)
{
    /// <summary>Nothing needs to be written.</summary>
    public static NodeChange None(string detail) => new(detail, null, _ => true);
}

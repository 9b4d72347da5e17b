using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// A level of the fleet that a node label names: <c>rack:topology.kubernetes.io/rack</c>, <c>switch:fabric.topograph.run/tier-0</c>. A standard
/// set of such labels does not exist, so that each site lists its own, the nearest to the node first.
/// </summary>
/// <param name="Kind">What it is: a rack, a switch, a cluster, a PDU.</param>
/// <param name="Label">The label whose value is its name.</param>
public sealed record KubernetesTier(EntityKind Kind, string Label)
{
    /// <summary>Reads <c>kind:label</c>; false where the kind is none of rack, switch, pdu, cluster or the label is empty.</summary>
    public static bool TryParse(string text, out KubernetesTier tier)
    {
        tier = null!;
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1 || !Enum.TryParse<EntityKind>(text[..colon], ignoreCase: true, out var kind)
            || kind is not (EntityKind.Rack or EntityKind.Switch or EntityKind.Pdu or EntityKind.Cluster))
        {
            return false;
        }

        tier = new KubernetesTier(kind, text[(colon + 1)..]);
        return true;
    }
}

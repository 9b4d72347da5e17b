namespace Observability.Simulator;

/// <summary>What a URL names. Empty namespace: all namespaces or cluster-wide; empty name: the collection.</summary>
internal sealed record ResourcePath(ResourceKind Kind, string Namespace, string Name, string Subresource)
{
    /// <summary>
    /// Reads <c>/api/v1/nodes/n/status</c>, <c>/api/v1/namespaces/team-a/pods/p/eviction</c>, <c>/apis/policy/v1/poddisruptionbudgets</c>;
    /// null when nothing is served there. <c>/api/v1/namespaces/team-a</c> is the namespace itself.
    /// </summary>
    public static ResourcePath? Parse(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["api", "v1", .. var rest] => Parse("", "v1", rest),
            ["apis", var group, var version, .. var rest] => Parse(group, version, rest),
            _ => null,
        };
    }

    private static ResourcePath? Parse(string group, string version, string[] rest) => rest switch
    {
        ["namespaces", var ns, var plural, .. var tail] when plural != "status" => Of(group, version, plural, ns, tail),
        [var plural, .. var tail] => Of(group, version, plural, "", tail),
        _ => null,
    };

    private static ResourcePath? Of(string group, string version, string plural, string ns, string[] tail)
    {
        var kind = ResourceKinds.Find(group, version, plural);
        if (kind is null || tail.Length > 2 || (!kind.Namespaced && ns.Length > 0))
            return null;
        if (kind.Namespaced && ns.Length == 0 && tail.Length > 0)
            return null;
        var subresource = tail.Length == 2 ? tail[1] : "";
        if (subresource.Length > 0 && !kind.Subresources.Contains(subresource))
            return null;
        return new ResourcePath(kind, ns, tail.Length > 0 ? tail[0] : "", subresource);
    }
}

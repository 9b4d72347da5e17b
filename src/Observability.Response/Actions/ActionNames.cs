namespace Observability.Response;

/// <summary>Actions that runbooks may name.</summary>
public static class ActionNames
{
    /// <summary>Every one of them.</summary>
    public static IReadOnlyCollection<string> All { get; } =
    [
        "kubernetes.cordon", "kubernetes.taint", "kubernetes.untaint", "kubernetes.evict", "kubernetes.uncordon", "notify", "wait", "ask", "verify", "webhook",
    ];
}

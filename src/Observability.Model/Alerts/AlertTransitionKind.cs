namespace Observability.Model;

/// <summary>What changed in an alert's life.</summary>
public enum AlertTransitionKind
{
    /// <summary>It began to fire.</summary>
    Fired,

    /// <summary>It ended.</summary>
    Resolved,
}

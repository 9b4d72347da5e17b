namespace Observability.Model;

/// <summary>Whether an alert's condition holds.</summary>
public enum AlertState
{
    /// <summary>It holds.</summary>
    Firing,

    /// <summary>It has ended.</summary>
    Resolved,
}

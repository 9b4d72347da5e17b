namespace Observability.Model;

/// <summary>Where an incident stands.</summary>
public enum IncidentState
{
    /// <summary>Alerts still gather; no verdict yet.</summary>
    Gathering,

    /// <summary>Active.</summary>
    Open,

    /// <summary>All its alerts have ended.</summary>
    Resolved,

    /// <summary>It became part of another incident.</summary>
    Merged,
}

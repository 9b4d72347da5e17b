using Observability.Model;

namespace Observability.Incidents;

/// <summary>The alerts of an incident as the ranker keeps them: bounded, each with where it stands.</summary>
internal sealed class IncidentAlerts
{
    /// <summary>Symptoms kept; more of them add nothing to a verdict.</summary>
    public const int MaximumSymptoms = 4_000;

    /// <summary>Causes kept beside them, so that a storm of symptoms never hides the fault that comes last.</summary>
    public const int MaximumCauses = 1_000;

    private readonly Dictionary<ulong, Alert> _alerts = [];
    private int _causes;
    private bool _isChanged;

    /// <summary>What is kept.</summary>
    public IReadOnlyCollection<Alert> All => _alerts.Values;

    /// <summary>How many verdicts there were.</summary>
    public int Revision { get; set; }

    /// <summary>The verdict in force.</summary>
    public Verdict? Verdict { get; set; }

    /// <summary>
    /// True where something has joined or left that may change a verdict: a cause, or an event. Where something was changed before, what a job shows may do so as
    /// well: it was stopped for its deployment, and then it hangs.
    /// </summary>
    public bool HasNewCause { get; set; }

    /// <summary>Keeps an alert, as far as there is room for it.</summary>
    public void Add(Alert alert)
    {
        var isCause = IsCause(alert);
        var hasRoom = isCause ? _causes < MaximumCauses : _alerts.Count - _causes < MaximumSymptoms;
        if (!hasRoom || !_alerts.TryAdd(alert.Fingerprint, alert))
            return;
        _causes += isCause ? 1 : 0;
        _isChanged |= alert.IsChange;
        HasNewCause |= isCause || alert.Origin == AlertOrigin.Event || (_isChanged && alert.Entity is { Kind: EntityKind.Job });
    }

    /// <summary>Keeps the alerts of an incident that became part of this one.</summary>
    public void Add(IncidentAlerts others)
    {
        foreach (var alert in others.All)
            Add(alert);
    }

    /// <summary>Forgets an alert that went to another incident; the verdict may have rested on it.</summary>
    public void Remove(Alert alert)
    {
        if (!_alerts.Remove(alert.Fingerprint))
            return;
        _causes -= IsCause(alert) ? 1 : 0;
        HasNewCause = true;
    }

    // A change is one of few, too, and joins when the storm has.
    private static bool IsCause(Alert alert) => alert.IsChange || alert.Labels[AlertLabel.Role] == AlertLabel.RoleCause;
}

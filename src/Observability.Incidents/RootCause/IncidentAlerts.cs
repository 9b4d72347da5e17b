using Observability.Model;

namespace Observability.Incidents;

/// <summary>The alerts of an incident as the ranker keeps them: bounded, each with where it stands.</summary>
internal sealed class IncidentAlerts
{
    private const int Maximum = 4_000;
    private readonly Dictionary<ulong, Alert> _alerts = [];

    public IReadOnlyCollection<Alert> All => _alerts.Values;

    public int Revision { get; set; }

    public Verdict? Verdict { get; set; }

    /// <summary>True where something has joined that may change a verdict: a cause, or an event.</summary>
    public bool HasNewCause { get; set; }

    public void Add(Alert alert)
    {
        if (_alerts.Count < Maximum && _alerts.TryAdd(alert.Fingerprint, alert))
            HasNewCause |= alert.Labels[AlertLabel.Role] == AlertLabel.RoleCause || alert.Origin == AlertOrigin.Event;
    }

    public void Add(IncidentAlerts others)
    {
        foreach (var alert in others.All)
            Add(alert);
    }
}

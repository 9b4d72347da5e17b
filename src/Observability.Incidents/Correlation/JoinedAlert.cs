using Observability.Model;

namespace Observability.Incidents;

/// <summary>What an incident remembers of an alert.</summary>
/// <param name="Screened">The alert as it came.</param>
/// <param name="Place">Where it stood in the topology then.</param>
/// <param name="Fires">True until it has ended.</param>
internal sealed record JoinedAlert(ScreenedAlert Screened, Place Place, bool Fires)
{
    /// <summary>The alert.</summary>
    public Alert Alert => Screened.Alert;

    /// <summary>True where its rule is in shadow: it is listed, and changes nothing of what it is listed with.</summary>
    public bool IsShadow => Screened.IsShadow;

    /// <summary>True for a change: it may explain any number of incidents, and is no part of what is wrong.</summary>
    public bool IsChange { get; } = !Screened.IsShadow && Screened.Alert.IsChange;

    /// <summary>True where the incident that it joins is about what it speaks of, too: not for what is in shadow, and not for a change.</summary>
    public bool Widens => !IsShadow && !IsChange;

    /// <summary>True where the incident is not over before it has ended: not for remarks, budgets and events.</summary>
    public bool Holds { get; } = !Screened.IsShadow && Screened.Alert is var alert
        // Announced work ends when it is announced to end.
        && (alert.FaultClass == FaultClass.Maintenance
            || (alert.Origin is not (AlertOrigin.Event or AlertOrigin.Slo) && alert.Labels[AlertLabel.Severity] != "info"));

    /// <summary>True for an alert that an event raised: nobody measures when it is over.</summary>
    public bool IsEvent { get; } = !Screened.IsShadow && Screened.Alert is { Origin: AlertOrigin.Event, IsChange: false } && Screened.Alert.FaultClass != FaultClass.Maintenance;

    /// <summary>True for an alert on a device whose condition is measured.</summary>
    public bool IsMeasuredDevice { get; } =
        !Screened.IsShadow && Place.IsDevice && Screened.Alert.Origin != AlertOrigin.Event && Screened.Alert.Labels[AlertLabel.Severity] != "info";

    /// <summary>True for an event that says a device is broken.</summary>
    public bool IsDeviceEvent => IsEvent && Place is { IsDevice: true, IsCause: true } && FaultClass.KindOf(Alert.FaultClass) == VerdictKind.Hardware;

    /// <summary>True for what an adapter says of a link that is down, flaps or loses packets.</summary>
    public bool IsLinkTrouble => !IsShadow && Place.IsLink && Place.Entity is { Kind: EntityKind.Nic } && Alert.FaultClass == FaultClass.LeafFlap;

    /// <summary>True for a sign that a job stands still.</summary>
    public bool IsJobStop => !IsShadow && Place.Entity is { Kind: EntityKind.Job } && !IsEvent && Alert.FaultClass == FaultClass.UserCodeHang;

    /// <summary>
    /// True for a remark that opens no incident where nothing else bears it out; it stays visible in the list and in the digest.
    /// </summary>
    public bool IsRemark => !Widens || (Alert.Labels[AlertLabel.Severity] == "info" && !Place.IsCause
        && Alert.Origin is AlertOrigin.Rule or AlertOrigin.Detector or AlertOrigin.Slo);
}

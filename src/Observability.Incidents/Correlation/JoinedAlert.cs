using Observability.Model;

namespace Observability.Incidents;

/// <summary>What an incident remembers of an alert.</summary>
/// <param name="Fires">True until it has ended.</param>
/// <param name="Holds">True where the incident is not over before it has ended: not for remarks, budgets and events.</param>
/// <param name="IsEvent">True for an alert that an event raised.</param>
/// <param name="IsMeasuredDevice">True for an alert on a device whose condition is measured.</param>
internal readonly record struct JoinedAlert(bool Fires, bool Holds, bool IsEvent, bool IsMeasuredDevice)
{
    public static JoinedAlert Of(Alert alert, Place place) => new(
        Fires: true,
        // Announced work ends when it is announced to end.
        Holds: alert.FaultClass == FaultClass.Maintenance
            || (alert.Origin is not (AlertOrigin.Event or AlertOrigin.Slo) && alert.Labels[AlertLabel.Severity] != "info"),
        IsEvent: alert.Origin == AlertOrigin.Event && alert.FaultClass != FaultClass.Maintenance,
        IsMeasuredDevice: place.IsDevice && alert.Origin != AlertOrigin.Event && alert.Labels[AlertLabel.Severity] != "info");
}

namespace Observability.Incidents;

/// <summary>What an alert says, whoever it says it of.</summary>
internal readonly record struct AlertKind(ServiceAlertSource Source, string Type);

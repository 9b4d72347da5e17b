using Observability.Model;

namespace Observability.Server;

/// <summary>A sign of an incident: what an alert spoke of, which alert, and when the platform first learned of it.</summary>
internal sealed record IncidentSign(EntityId Entity, string Alert, DateTimeOffset At);

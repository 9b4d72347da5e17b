using Observability.Incidents;

namespace Observability.Server;

/// <summary>The alerts of one recorded incident.</summary>
/// <param name="Id">What the files call it.</param>
/// <param name="Alerts">In no order.</param>
/// <param name="BeganAt">Time of its first alert.</param>
internal sealed record AlertRcaCase(string Id, IReadOnlyList<ServiceAlert> Alerts, DateTimeOffset BeganAt);

using Observability.Model;

namespace Observability.Simulator;

/// <summary>A fault to inject.</summary>
/// <param name="Id">Name in the script and the report.</param>
/// <param name="Kind">One of <see cref="FaultClass"/>.</param>
/// <param name="Entity">What breaks.</param>
/// <param name="At">When.</param>
/// <param name="Duration">How long, unless a repair ends it earlier.</param>
public sealed record FaultSpec(string Id, string Kind, EntityId Entity, DateTimeOffset At, TimeSpan Duration);

using Observability.Simulator;

namespace Observability.Server;

/// <summary>A line of <c>fleet.jsonl</c>: one of the three, and when in the fleet's time.</summary>
internal sealed record FleetHistoryLine(
    DateTimeOffset At, FleetBeginning? Begin = null, FaultSpec? Fault = null, KubernetesWrite? Write = null);

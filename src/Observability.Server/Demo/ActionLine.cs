using Observability.Model;

namespace Observability.Server;

/// <summary>What was done about a fault.</summary>
/// <param name="Kind">The runbook that was chosen.</param>
/// <param name="State">Where it ended.</param>
/// <param name="DecidedAt">When it was chosen.</param>
/// <param name="SecondsToDecision">Seconds from the incident's first alert to that choice.</param>
/// <param name="CordonedAt">When its node was cordoned, as the cluster saw it.</param>
public sealed record ActionLine(
    string Kind, ExecutionState State, DateTimeOffset DecidedAt, double SecondsToDecision, DateTimeOffset? CordonedAt);

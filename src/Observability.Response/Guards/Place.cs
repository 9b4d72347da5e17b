using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Response;

/// <summary>A node that a run takes, or is about to take, out of service, with the scopes it counts in at that time.</summary>
internal sealed record Place(string ExecutionId, string IncidentId, string Cause, EntityId Node, ImmutableArray<BudgetScope> Scopes, DateTimeOffset At);

using Observability.Model;

namespace Observability.Response;

/// <summary>What flows between the response stages: an incident's change, and the run that was chosen for it, if one was.</summary>
/// <param name="Change">The incident's change.</param>
/// <param name="Execution">A run that is proposed or changed; null where the change asks for none.</param>
public sealed record ResponseItem(IncidentChange? Change, RunbookExecution? Execution);

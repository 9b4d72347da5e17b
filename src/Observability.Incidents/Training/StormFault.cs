using Observability.Model;

namespace Observability.Incidents;

/// <summary>A fault of a storm.</summary>
/// <param name="FaultClass">What it is.</param>
/// <param name="Cause">What is guilty; null where nobody can know.</param>
/// <param name="Job">The number of the job that it meets.</param>
public sealed record StormFault(string FaultClass, EntityId? Cause, int Job);

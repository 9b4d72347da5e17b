using Observability.Model;

namespace Observability.Incidents;

/// <summary>A fault of a story.</summary>
/// <param name="Cause">What is guilty; null where nobody can know.</param>
/// <param name="FaultClass">Which fault it is.</param>
/// <param name="JobIndex">The job it meets.</param>
internal sealed record SyntheticFault(EntityId? Cause, string FaultClass, int JobIndex);

using Observability.Model;

namespace Observability.Incidents;

/// <summary>A rule as the report sees it.</summary>
/// <param name="Noise">What it was worth.</param>
/// <param name="IsProtected">True where only a person may demote it.</param>
/// <param name="AloneIn">Remembered incidents that no other rule in full force takes part in.</param>
/// <param name="AlonePages">Pages for those.</param>
internal sealed record RuleFact(RuleNoise Noise, bool IsProtected, int AloneIn, int AlonePages);

using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>An alert as readers see it: its latest state, what reduced it, and where it belongs.</summary>
/// <param name="Alert">The alert after its last change.</param>
/// <param name="Marks">What the noise steps said; empty where it is loud.</param>
/// <param name="Actionability">Probability in [0, 1] that someone has to act.</param>
/// <param name="IncidentId">The incident it joined; empty before that.</param>
public sealed record AlertView(Alert Alert, ImmutableArray<NoiseMark> Marks, double Actionability, string IncidentId)
{
    /// <summary>True where its rule was in shadow when it began to fire: it opened nothing and paged nobody.</summary>
    public bool IsShadow { get; init; }
}

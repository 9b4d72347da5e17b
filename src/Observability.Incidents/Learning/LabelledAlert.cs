using Observability.Model;

namespace Observability.Incidents;

/// <summary>An alert of the journal with what people said of it.</summary>
/// <param name="Features">What the classifier saw when it fired.</param>
/// <param name="WasWorthIt">Whether someone had to act.</param>
/// <param name="Weight">1 for an answer about this alert; an incident's feedback is shared by its alerts.</param>
/// <param name="Probability">What the model in use said when it fired.</param>
public sealed record LabelledAlert(float[] Features, bool WasWorthIt, double Weight, double Probability)
{
    /// <summary>The incident it belonged to: never on both sides of a split.</summary>
    public required string IncidentId { get; init; }

    /// <summary>When it fired.</summary>
    public required DateTimeOffset FiredAt { get; init; }

    /// <summary>Which alert: its name and what it was about.</summary>
    public required (string Rule, EntityId? Entity) Thing { get; init; }

    /// <summary>When the person said it.</summary>
    public required DateTimeOffset SaidAt { get; init; }
}

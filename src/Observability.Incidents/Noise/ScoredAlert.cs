using Observability.Model;

namespace Observability.Incidents;

/// <summary>An alert that fired, with what the classifier saw and said then.</summary>
internal sealed record ScoredAlert
{
    public required ulong Fingerprint { get; init; }

    public required string Rule { get; init; }

    public required EntityId? Entity { get; init; }

    public required string Summary { get; init; }

    public required DateTimeOffset FiredAt { get; init; }

    public required float[] Features { get; init; }

    /// <summary>Probability that the model in use gave.</summary>
    public required double Probability { get; init; }

    /// <summary>True where an earlier step had reduced it: nobody was woken by it, so nobody is asked about it.</summary>
    public required bool WasReduced { get; init; }

    /// <summary>False for what the model may not move whatever it says, see <see cref="ScoreNoise.MayMove"/>: an answer about it decides nothing.</summary>
    public required bool MayMove { get; init; }

    /// <summary>The incident it belongs to now; empty before it joined one.</summary>
    public string IncidentId { get; set; } = "";

    /// <summary>What "the same thing" is when it is asked about.</summary>
    public (string Rule, EntityId? Entity) Thing => (Rule, Entity);
}

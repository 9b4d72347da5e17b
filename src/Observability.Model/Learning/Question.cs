namespace Observability.Model;

/// <summary>Asks the on-call whether an alert was worth waking someone. Asked where the answer teaches most.</summary>
public sealed record Question
{
    /// <summary><c>Q-000017</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The incident that the alert belongs to.</summary>
    public required string IncidentId { get; init; }

    /// <summary>Fingerprint of the alert.</summary>
    public required ulong Fingerprint { get; init; }

    /// <summary>Name of the alert.</summary>
    public required string AlertName { get; init; }

    /// <summary>What the alert is about; null where nobody knows.</summary>
    public EntityId? Entity { get; init; }

    /// <summary>What the alert says in one sentence; its name where it says nothing.</summary>
    public required string Summary { get; init; }

    /// <summary>Probability in [0, 1] that the model gave when the alert fired.</summary>
    public required double Probability { get; init; }

    /// <summary>Alerts of late that look like this one, itself included: what the answer speaks for.</summary>
    public required int Alike { get; init; }

    /// <summary>When the alert began to fire.</summary>
    public required DateTimeOffset FiredAt { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset AskedAt { get; init; }
}

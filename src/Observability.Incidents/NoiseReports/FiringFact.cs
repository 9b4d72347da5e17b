using Observability.Model;

namespace Observability.Incidents;

/// <summary>A firing as the report sees it.</summary>
internal readonly record struct FiringFact(RuleId Rule, ulong Fingerprint, EntityId? Entity, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, bool WasRight)
{
    /// <summary>The incident that only its rule, in full force, speaks of; empty where others do too, and outside incidents.</summary>
    public string AloneIn { get; init; } = "";

    /// <summary>How long it lasted, or lasts so far.</summary>
    public TimeSpan Length(DateTimeOffset now) => (EndsAt ?? now) - StartsAt;
}

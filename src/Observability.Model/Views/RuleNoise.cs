using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>What one rule or detector was worth.</summary>
public sealed record RuleNoise
{
    /// <summary>Which one.</summary>
    public required RuleId Rule { get; init; }

    /// <summary>Where it stands; null where it fired before standings were kept.</summary>
    public RuleStanding? Standing { get; init; }

    /// <summary>The worst severity it has fired with.</summary>
    public string Severity { get; init; } = "";

    /// <summary>Firings since the journal began.</summary>
    public long Fired { get; init; }

    /// <summary>Firings while it was in shadow.</summary>
    public long InShadow { get; init; }

    /// <summary>Incidents it took part in.</summary>
    public long Incidents { get; init; }

    /// <summary>Those of them that somebody, or a runbook, did something about.</summary>
    public long Actioned { get; init; }

    /// <summary>Pages for incidents it took part in.</summary>
    public long Pages { get; init; }

    /// <summary>Its latest firings by what became of them.</summary>
    public RuleRecord Record { get; init; } = RuleRecord.Empty;

    /// <summary>Latest firings that are too young to be judged.</summary>
    public int Young { get; init; }

    /// <summary>Reduced firings by reason.</summary>
    public ImmutableSortedDictionary<NoiseReason, long> Reductions { get; init; } = ImmutableSortedDictionary<NoiseReason, long>.Empty;

    /// <summary>True where it fired often and nobody ever did anything about an incident it took part in.</summary>
    public bool IsNeverActioned { get; init; }
}

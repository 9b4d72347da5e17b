using Observability.Model;

namespace Observability.Incidents;

/// <summary>What is remembered of a rule or detector.</summary>
internal sealed class RuleTrack(RuleId id)
{
    /// <summary>Which one.</summary>
    public RuleId Id { get; } = id;

    /// <summary>Where it stands; null before its standing has begun.</summary>
    public RuleStanding? Standing { get; set; }

    /// <summary>From when on its firings count: a person's decision begins a new record.</summary>
    public DateTimeOffset Since { get; set; } = DateTimeOffset.MinValue;

    /// <summary>The worst severity it has fired with.</summary>
    public string Severity { get; set; } = "";

    /// <summary>True where only a person may demote it: it is critical, or points at broken hardware itself.</summary>
    public bool IsProtected { get; set; }

    /// <summary>Firings since the journal began.</summary>
    public long Fired { get; set; }

    /// <summary>Firings while it was in shadow.</summary>
    public long InShadow { get; set; }

    /// <summary>Incidents it took part in.</summary>
    public long Incidents { get; set; }

    /// <summary>Those of them that somebody did something about.</summary>
    public long Actioned { get; set; }

    /// <summary>Pages for incidents it took part in, in full force.</summary>
    public long Pages { get; set; }

    /// <summary>Reduced firings by reason.</summary>
    public SortedDictionary<NoiseReason, long> Reductions { get; } = [];

    /// <summary>Its latest firings, oldest first.</summary>
    public Queue<Firing> Window { get; } = new();

    /// <summary>True where its alerts are only listed.</summary>
    public bool IsShadow => Standing is { Standing: Model.Standing.Shadow };

    /// <summary>Takes an alert's severity into account.</summary>
    public void Note(Alert alert)
    {
        var severity = alert.Labels[AlertLabel.Severity];
        if (Rank(severity) > Rank(Severity))
            Severity = severity;
        IsProtected |= severity == "critical"
            || (alert.Labels[AlertLabel.Role] == AlertLabel.RoleCause && FaultClass.KindOf(alert.FaultClass) == VerdictKind.Hardware);
    }

    private static int Rank(string severity) => severity switch { "critical" => 3, "warning" => 2, "info" => 1, _ => 0 };
}

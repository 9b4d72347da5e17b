using System.ComponentModel.DataAnnotations;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>When a rule or detector is trusted.</summary>
public sealed class ShadowSection
{
    /// <summary>True to begin rules that did not ship with the platform in shadow.</summary>
    public bool NewRules { get; set; }

    /// <summary>Judged firings it takes before a rule is promoted or demoted.</summary>
    [Range(5, 200)]
    public int Firings { get; set; } = 20;

    /// <summary>Lower end of the precision's 95 % interval from which a rule is promoted.</summary>
    [Range(0.0, 1.0)]
    public double PromoteAt { get; set; } = 0.7;

    /// <summary>Upper end of that interval below which a rule is demoted; 0 never demotes.</summary>
    [Range(0.0, 1.0)]
    public double DemoteBelow { get; set; } = 0.5;

    /// <summary>How old a firing must be to count.</summary>
    [Duration("1m", "30d")]
    public TimeSpan Settle { get; set; } = TimeSpan.FromHours(24);

    /// <summary>As the pipeline takes it.</summary>
    internal StandingOptions ToStandings() => new()
    {
        NewRulesInShadow = NewRules,
        Firings = Firings,
        PromoteAt = PromoteAt,
        DemoteBelow = DemoteBelow,
        Settle = Settle,
        ShippedRules = ShippedRules.Names,
    };
}

namespace Observability.Incidents;

/// <summary>When a rule or detector is trusted, and how much of the past is remembered to say so.</summary>
public sealed class StandingOptions
{
    /// <summary>Judged firings it takes before anything is decided.</summary>
    public int Firings { get; set; } = 20;

    /// <summary>Lower end of the precision's 95 % interval from which a rule in shadow is promoted, in [0, 1].</summary>
    public double PromoteAt { get; set; } = 0.7;

    /// <summary>Upper end of the interval below which a live rule is demoted, in [0, 1]: surely more than half of its firings were noise.</summary>
    public double DemoteBelow { get; set; } = 0.5;

    /// <summary>How old a firing must be to count, so that people have had the time to say something.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How far apart a firing in shadow and an incident may begin and still be of the same trouble.</summary>
    public TimeSpan Near { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Latest firings of a rule that its precision is measured on: an edited rule outgrows its past.</summary>
    public int Window { get; set; } = 200;

    /// <summary>Rules that are told apart; one more is live and not measured.</summary>
    public int MaximumRules { get; set; } = 2_000;

    /// <summary>Latest firings that are remembered for the noise report.</summary>
    public int MaximumFirings { get; set; } = 50_000;

    /// <summary>Latest incidents that are remembered; the outcome of firings in older ones stays as it was.</summary>
    public int MaximumIncidents { get; set; } = 5_000;

    /// <summary>True to begin rules that did not ship with the platform in shadow.</summary>
    public bool NewRulesInShadow { get; set; }

    /// <summary>Names of the alert rules that ship; null takes every rule for one of them.</summary>
    public IReadOnlySet<string>? ShippedRules { get; set; }
}

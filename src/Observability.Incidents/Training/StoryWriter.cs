using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Writes down the alerts of a story as they would reach the platform: late, early, or never. Delays and losses are those of
/// the storm recipe in facts/failures.md §8 and §9.
/// </summary>
internal sealed class StoryWriter(SyntheticFleet fleet, Random random)
{
    public const string Critical = "critical";
    public const string Warning = "warning";
    public const string Info = "info";

    // 3 % of alerts are lost on top of rules that do not see their condition in time; 2 % come late by up to a minute.
    private const double Lost = 0.03;
    private const double Blind = 0.06;
    private const double Late = 0.02;

    private readonly HashSet<LabelSet> _known = [];

    public List<SyntheticAlert> Alerts { get; } = [];

    public SyntheticFleet Fleet { get; } = fleet;

    public Random Random { get; } = random;

    /// <summary>The fault that is being told; -1 for noise.</summary>
    public int Fault { get; set; } = -1;

    /// <summary>When it began, seconds after the story's start.</summary>
    public double At { get; set; }

    /// <summary>False where the site's own rules say which fault they are about and not whether they point at it: all of them are symptoms then.</summary>
    public bool RulesHaveRoles { get; init; } = true;

    /// <summary>True with a probability.</summary>
    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>A kernel line or another event; seen at once.</summary>
    public void Event(EntityId entity, double after, (string Class, string Severity) what, string code, bool cause = true) =>
        Write(entity, after, (what.Class, what.Severity, RoleOf(cause)), code, AlertOrigin.Event);

    /// <summary>A rule or a detector: it sees its condition a scrape and its own delay later, and now and then not at all.</summary>
    public void Rule(EntityId entity, double after, (string Class, string Severity) what, bool cause = false, AlertOrigin origin = AlertOrigin.Rule)
    {
        if (!Chance(Blind))
            Write(entity, after + (Random.NextDouble() * 15), (what.Class, what.Severity, RoleOf(cause && (RulesHaveRoles || origin != AlertOrigin.Rule))), "", origin);
    }

    /// <summary>A rule that a site brought along: it names no class of fault and is a symptom for all that is known.</summary>
    public void Foreign(EntityId entity, double after, string name)
    {
        if (!Chance(Lost))
            Add(Labelled(entity, after, LabelSet.Of((AlertLabel.Name, name), (AlertLabel.Severity, Warning), (AlertLabel.Entity, entity.ToString())), AlertOrigin.Rule));
    }

    private static string RoleOf(bool cause) => cause ? AlertLabel.RoleCause : AlertLabel.RoleSymptom;

    private void Write(EntityId entity, double after, (string Class, string Severity, string Role) what, string code, AlertOrigin origin)
    {
        if (Chance(Lost))
            return;
        var name = code.Length > 0 ? code : $"{origin}-{what.Class}-{what.Severity}-{what.Role}";
        Add(Labelled(
            entity, after,
            LabelSet.Of(
                (AlertLabel.Name, name), (AlertLabel.FaultClass, what.Class), (AlertLabel.Severity, what.Severity), (AlertLabel.Role, what.Role),
                ("code", code), (AlertLabel.Entity, entity.ToString())),
            origin));
    }

    private Alert Labelled(EntityId entity, double after, LabelSet labels, AlertOrigin origin)
    {
        var at = SyntheticFleet.Start.AddSeconds(At + after);
        return new Alert { Labels = labels, State = AlertState.Firing, StartsAt = at, UpdatedAt = at, Origin = origin, Entity = entity };
    }

    private void Add(Alert alert)
    {
        // The same alert twice is one alert.
        if (_known.Add(alert.Labels))
            Alerts.Add(new SyntheticAlert(alert, Fault, alert.StartsAt.AddSeconds(Chance(Late) ? Random.NextDouble() * 60 : 0)));
    }
}

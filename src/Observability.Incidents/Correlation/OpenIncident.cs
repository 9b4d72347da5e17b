using Observability.Model;

namespace Observability.Incidents;

/// <summary>An incident that is still growing, with what new alerts are matched against.</summary>
internal sealed class OpenIncident
{
    public const int MaximumEntities = 64;

    public required Incident Incident { get; set; }

    /// <summary>All alerts that ever joined, with whether they fire.</summary>
    public Dictionary<ulong, bool> Alerts { get; } = [];

    public HashSet<EntityId> Entities { get; } = [];

    public HashSet<EntityId> Nodes { get; } = [];

    public SortedSet<EntityId> Jobs { get; } = [];

    public HashSet<EntityId> Leaves { get; } = [];

    /// <summary>Nodes, jobs or monitors that a cause-role alert points at.</summary>
    public HashSet<EntityId> Causes { get; } = [];

    public int Firing { get; set; }

    public DateTimeOffset LastJoin { get; set; }

    public DateTimeOffset? QuietSince { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    public bool HasNews { get; set; }

    public bool HasCause => Causes.Count > 0;
}

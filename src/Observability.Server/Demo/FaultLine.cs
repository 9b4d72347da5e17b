using Observability.Model;

namespace Observability.Server;

/// <summary>What became of one injected fault.</summary>
public sealed record FaultLine
{
    /// <summary>The fault's name in the script.</summary>
    public required string Id { get; init; }

    /// <summary>What was injected, one of <see cref="FaultClass"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where.</summary>
    public required EntityId Entity { get; init; }

    /// <summary>When, in virtual time.</summary>
    public required DateTimeOffset InjectedAt { get; init; }

    /// <summary>When the first alert that belongs to it came in; null where none did.</summary>
    public DateTimeOffset? FirstAlertAt { get; init; }

    /// <summary>Seconds from injection to that alert.</summary>
    public double? SecondsToAlert { get; init; }

    /// <summary>The incident it became.</summary>
    public string? Incident { get; init; }

    /// <summary>The last verdict on that incident.</summary>
    public VerdictLine? Verdict { get; init; }

    /// <summary>What was done.</summary>
    public ActionLine? Action { get; init; }

    /// <summary>Alerts that belonged to its incident.</summary>
    public int Alerts { get; init; }

    /// <summary>True where an incident named the right class, and the right entity wherever it must.</summary>
    public required bool Found { get; init; }

    /// <summary>True where the first-ranked entity was the injected one.</summary>
    public required bool RootFirst { get; init; }

    /// <summary>True where it was among the first three.</summary>
    public bool InThree { get; init; }

    /// <summary>Why it counts as missed; empty where it was found.</summary>
    public string Why { get; init; } = "";
}

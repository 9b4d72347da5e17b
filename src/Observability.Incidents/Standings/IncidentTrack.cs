using Observability.Model;

namespace Observability.Incidents;

/// <summary>What judging firings needs to know of an incident.</summary>
internal sealed class IncidentTrack(string id, DateTimeOffset startedAt, DateTimeOffset openedAt)
{
    /// <summary>Its identity.</summary>
    public string Id { get; } = id;

    /// <summary>When its first alert began.</summary>
    public DateTimeOffset StartedAt { get; set; } = startedAt;

    /// <summary>When it was opened.</summary>
    public DateTimeOffset OpenedAt { get; } = openedAt;

    /// <summary>True once it is over.</summary>
    public bool IsOver { get; set; }

    /// <summary>True once it went into another one.</summary>
    public bool IsMerged { get; set; }

    /// <summary>True for announced work, which no rule is to blame for.</summary>
    public bool IsMaintenance { get; set; }

    /// <summary>True while nobody is told of it: that nobody cares then proves nothing.</summary>
    public bool IsMuted { get; set; }

    /// <summary>What a person said of it last; null where nobody has.</summary>
    public bool? Feedback { get; set; }

    /// <summary>True where a runbook repaired what its verdict names and its checks held.</summary>
    public bool IsRepaired { get; set; }

    /// <summary>True where somebody acknowledged it, took it, wrote on it, judged it, or where something was done about it.</summary>
    public bool IsActioned { get; set; }

    /// <summary>Things and nodes it touches.</summary>
    public HashSet<EntityId> Places { get; } = [];

    /// <summary>Jobs that suffer from it.</summary>
    public HashSet<EntityId> Jobs { get; } = [];

    /// <summary>How many of its entities <see cref="Places"/> knows.</summary>
    public int Located { get; set; }

    /// <summary>Rules that take part in it, each with whether it does so in full force.</summary>
    public Dictionary<RuleTrack, bool> Rules { get; } = [];

    /// <summary>Times somebody was told of it as something new.</summary>
    public int Pages { get; set; }

    /// <summary>The rule in full force that it consists of alone; null where there are several.</summary>
    public RuleTrack? OnlyRule => Rules.Where(rule => rule.Value).Take(2).ToArray() is [var only] ? only.Key : null;

    /// <summary>
    /// Right where a person said so or a repair proved it, wrong where a person said so, or where it ended and nobody cared although somebody
    /// was there to care. That nobody looks at anything proves nothing.
    /// </summary>
    /// <param name="lastPerson">When a person last asked the platform for anything.</param>
    public FiringOutcome Outcome(DateTimeOffset lastPerson) => Feedback is { } said ? (said ? FiringOutcome.Right : FiringOutcome.Wrong)
        : IsRepaired ? FiringOutcome.Right
        : IsOver && !IsActioned && !IsMaintenance && !IsMuted && lastPerson >= OpenedAt ? FiringOutcome.Wrong
        : FiringOutcome.Undecided;
}

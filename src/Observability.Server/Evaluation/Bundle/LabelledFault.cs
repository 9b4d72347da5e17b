using Observability.Model;

namespace Observability.Server;

/// <summary>What is true of a fault, or of what only looks like one; fields as in <c>truth.json</c>.</summary>
internal sealed record LabelledFault
{
    /// <summary>Its name in the run.</summary>
    public required string Id { get; init; }

    /// <summary>What happened.</summary>
    public required string Kind { get; init; }

    /// <summary>Onset.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was over.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>When its first sign shows in any source.</summary>
    public DateTimeOffset? FirstSymptomAt { get; init; }

    /// <summary>Classes a right verdict may give; none for what only looks like a fault.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Whether a part is broken.</summary>
    public bool IsHardware { get; init; }

    /// <summary>Where it is.</summary>
    public required EntityId Entity { get; init; }

    /// <summary>Entities that a right verdict may name.</summary>
    public IReadOnlyList<EntityId> Entities { get; init; } = [];

    /// <summary>Nodes that may be cordoned for it.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Jobs that suffer.</summary>
    public IReadOnlyList<string> Jobs { get; init; } = [];

    /// <summary>How long a healthy step of its fastest job takes, seconds; null where that is not known.</summary>
    public double? StepSeconds { get; init; }

    /// <summary>From when delays count.</summary>
    public DateTimeOffset VisibleAt => FirstSymptomAt ?? At;

    /// <summary>True where a verdict that names this entity and class is right about it.</summary>
    public bool IsCalled(EntityId entity, string faultClass) => Entities.Contains(entity) && Classes.Contains(faultClass);

    /// <summary>True where it hits everything there is.</summary>
    public bool IsEverywhere => Entity.Kind is EntityKind.Cluster or EntityKind.Storage;
}

using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>One alert instance as it reached the pipeline. Its labels are its identity.</summary>
public sealed record Alert
{
    /// <summary>The labels, <c>alertname</c> among them.</summary>
    public required LabelSet Labels { get; init; }

    /// <summary>Whether its condition holds.</summary>
    public required AlertState State { get; init; }

    /// <summary>When it began to fire.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When its sender last spoke of it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended, or, while it fires, when it counts as ended unless its sender speaks again.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Texts for people.</summary>
    public LabelSet Annotations { get; init; } = LabelSet.Empty;

    /// <summary>Who raised it.</summary>
    public AlertOrigin Origin { get; init; } = AlertOrigin.Rule;

    /// <summary>Link back to the rule or system that raised it.</summary>
    public string GeneratorUrl { get; init; } = "";

    /// <summary>What it is about; set at the pipeline's inlet from labels and topology.</summary>
    public EntityId? Entity { get; init; }

    /// <summary>What a reader can check: the rule, the value, the log line.</summary>
    public ImmutableArray<Evidence> Evidence { get; init; } = [];

    /// <summary>The alert's name.</summary>
    public string Name => Labels[AlertLabel.Name];

    /// <summary>The fault it is a sign of, or an empty string.</summary>
    public string FaultClass => Labels[AlertLabel.FaultClass];

    /// <summary>True for an announced or observed change that is no maintenance: it is no trouble itself, and may be the reason for some.</summary>
    public bool IsChange => Origin == AlertOrigin.Event && FaultClass == Model.FaultClass.BadChange;

    /// <summary>Alertmanager's fingerprint of the labels.</summary>
    public ulong Fingerprint => Labels.Fingerprint();
}

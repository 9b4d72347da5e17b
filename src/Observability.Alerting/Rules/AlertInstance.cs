using Observability.Model;

namespace Observability.Alerting;

/// <summary>One alert of an alerting rule between its first pending evaluation and its end.</summary>
internal sealed class AlertInstance(LabelSet labels, DateTimeOffset activeAt)
{
    public LabelSet Labels { get; } = labels;

    public LabelSet Annotations { get; set; } = LabelSet.Empty;

    public double Value { get; set; }

    public RuleState State { get; set; } = RuleState.Pending;

    public DateTimeOffset ActiveAt { get; set; } = activeAt;

    public DateTimeOffset FiredAt { get; set; }

    public DateTimeOffset? KeepFiringSince { get; set; }

    public DateTimeOffset? PostedAt { get; set; }
}

using Observability.Model;

namespace Observability.Alerting;

/// <summary>A pending or firing alert of a rule, as <c>/api/v1/alerts</c> shows it.</summary>
/// <param name="Labels">Labels, alertname among them.</param>
/// <param name="Annotations">Expanded annotations.</param>
/// <param name="State">Pending or firing.</param>
/// <param name="ActiveAt">Since when the condition holds.</param>
/// <param name="Value">The value of the last evaluation that gave one.</param>
public sealed record ActiveAlert(LabelSet Labels, LabelSet Annotations, RuleState State, DateTimeOffset ActiveAt, double Value)
{
    /// <summary>The value with an exponent, as the HTTP API writes it: <c>1e+00</c>.</summary>
    public string ValueText => GoFormat.Scientific(Value);

    /// <summary>Since when it is only kept by <c>keep_firing_for</c>.</summary>
    public DateTimeOffset? KeepFiringSince { get; init; }
}

using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>What a template may see: <c>$labels</c>, <c>$value</c>, <c>$externalLabels</c>, <c>$externalURL</c> and queries.</summary>
internal sealed record TemplateScope(LabelSet Labels, double Value)
{
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    public string ExternalUrl { get; init; } = "";

    /// <summary>The time at which <c>query</c> evaluates.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Answers <c>query</c>; null where a template may not ask.</summary>
    public IQueryEngine? Engine { get; init; }

    public override string ToString() =>
        $"{{{GoFormat.Print(Labels)} {GoFormat.Print(ExternalLabels)} {ExternalUrl} {GoFormat.Print(Value)}}}";
}

/// <summary>One element of a query result inside a template.</summary>
internal sealed record TemplateSample(LabelSet Labels, double Value)
{
    public override string ToString() => $"{{{GoFormat.Print(Labels)} {GoFormat.Print(Value)}}}";
}

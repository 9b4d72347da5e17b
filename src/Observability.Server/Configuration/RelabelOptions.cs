using Observability.Collectors;

namespace Observability.Server;

/// <summary>A relabelling rule; keys and defaults are those of Prometheus.</summary>
public sealed class RelabelOptions
{
    /// <summary>Labels whose values are joined.</summary>
    public List<string> SourceLabels { get; set; } = [];

    /// <summary>What stands between the joined values.</summary>
    public string Separator { get; set; } = ";";

    /// <summary>The label that is set or compared.</summary>
    public string TargetLabel { get; set; } = "";

    /// <summary>The pattern, anchored at both ends.</summary>
    public string Regex { get; set; } = "(.*)";

    /// <summary>The modulus of hashmod.</summary>
    public long Modulus { get; set; }

    /// <summary>What the label is set to.</summary>
    public string Replacement { get; set; } = "$1";

    /// <summary>What the rule does.</summary>
    public string Action { get; set; } = "replace";

    /// <summary>The rule for the collectors; null with the reason where it cannot be one.</summary>
    internal RelabelRule? ToRule(out string error) => RelabelRule.Create(
        new RelabelSpec
        {
            SourceLabels = SourceLabels,
            Separator = Separator,
            TargetLabel = TargetLabel,
            Regex = Regex,
            Modulus = (ulong)Math.Max(0, Modulus),
            Replacement = Replacement,
            Action = Action,
        }, out error);
}

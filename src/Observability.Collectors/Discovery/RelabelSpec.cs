namespace Observability.Collectors;

/// <summary>A relabelling rule as it is written; the defaults are those of Prometheus.</summary>
public sealed class RelabelSpec
{
    /// <summary>Labels whose values are joined.</summary>
    public List<string> SourceLabels { get; set; } = [];

    /// <summary>What stands between the joined values.</summary>
    public string Separator { get; set; } = ";";

    /// <summary>The label that is set or compared.</summary>
    public string TargetLabel { get; set; } = "";

    /// <summary>A pattern of RE2, anchored at both ends.</summary>
    public string Regex { get; set; } = "(.*)";

    /// <summary>The modulus of hashmod.</summary>
    public ulong Modulus { get; set; }

    /// <summary>What the target label is set to, or the new name of labelmap.</summary>
    public string Replacement { get; set; } = "$1";

    /// <summary>What the rule does.</summary>
    public string Action { get; set; } = "replace";
}

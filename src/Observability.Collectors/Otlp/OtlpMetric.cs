namespace Observability.Collectors;

/// <summary>One metric of a request with the attributes of its resource.</summary>
internal sealed class OtlpMetric
{
    public const int Delta = 1;

    public const int Cumulative = 2;

    public IReadOnlyList<KeyValuePair<string, string>> Resource { get; set; } = [];

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string Unit { get; set; } = "";

    public OtlpKind Kind { get; set; }

    /// <summary>0 unspecified, 1 delta, 2 cumulative.</summary>
    public int Temporality { get; set; }

    public bool IsMonotonic { get; set; }

    public List<OtlpPoint> Points { get; } = [];
}

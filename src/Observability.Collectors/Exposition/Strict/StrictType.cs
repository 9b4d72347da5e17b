namespace Observability.Collectors;

/// <summary>What a metric type of OpenMetrics allows.</summary>
/// <param name="Name">As the TYPE line has it.</param>
/// <param name="Suffixes">Endings of its samples' names.</param>
internal sealed record StrictType(string Name, string[] Suffixes)
{
    /// <summary>The type of a family that states none.</summary>
    public static StrictType Unknown { get; } = new("unknown", [""]);

    private static readonly StrictType[] s_all =
    [
        Unknown,
        new("gauge", [""]),
        new("counter", ["_total", "_created"]),
        new("histogram", ["_bucket", "_count", "_sum", "_created"]),
        new("gaugehistogram", ["_bucket", "_gcount", "_gsum"]),
        new("summary", ["", "_count", "_sum", "_created"]),
        new("stateset", [""]),
        new("info", ["_info"]),
    ];

    /// <summary>Finds a type by its word; null for a word that is none.</summary>
    public static StrictType? Find(string name) => Array.Find(s_all, type => type.Name == name);

    /// <summary>The label that tells the samples of one point apart; null where there is none.</summary>
    public string? InnerLabel(string family) => Name switch
    {
        "histogram" or "gaugehistogram" => "le",
        "summary" => "quantile",
        "stateset" => family,
        _ => null,
    };

    /// <summary>Why a sample may not stand in a family of this type; null where it may.</summary>
    public string? Fault(string family, StrictLine sample)
    {
        var suffix = sample.Name[family.Length..];
        var value = sample.Value;
        var counts = suffix is "_total" or "_bucket" or "_count" or "_gcount" || (suffix == "_sum" && Name == "summary");
        if (counts && (double.IsNaN(value) || value < 0))
            return $"{sample.Name} of a {Name} must not be negative or NaN";
        if (Name == "info" && value != 1)
            return "the value of an info metric is 1";
        if (Name == "stateset" && value is not (0 or 1))
            return "a state is 0 or 1";
        if (Name == "stateset" && sample.Label(family) is null)
            return $"a state needs the label {family}";
        if (suffix == "_bucket" && !IsBound(sample.Label("le")))
            return "a bucket needs the label le with a number other than NaN";
        if (Name == "summary" && suffix.Length == 0 && !IsQuantile(sample.Label("quantile")))
            return "a sample of a summary needs the label quantile with a number from 0 to 1";
        return sample.Exemplar is { } exemplar ? Fault(suffix, exemplar) : null;
    }

    private static string? Fault(string suffix, StrictExemplar exemplar) => suffix is not ("_bucket" or "_total")
        ? "only buckets and totals of counters have exemplars"
        : exemplar.IsTooLong ? "the labels of an exemplar have at most 128 characters together" : null;

    private static bool IsBound(string? text) => text is not null && StrictLine.IsNumber(text) && !double.IsNaN(StrictLine.Number(text));

    private static bool IsQuantile(string? text) => text is not null && StrictLine.IsNumber(text) && StrictLine.Number(text) is >= 0 and <= 1;
}

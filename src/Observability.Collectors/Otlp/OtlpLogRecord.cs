namespace Observability.Collectors;

/// <summary>One log record of a request with the attributes of its resource.</summary>
internal sealed class OtlpLogRecord
{
    public IReadOnlyList<KeyValuePair<string, string>> Resource { get; set; } = [];

    public List<KeyValuePair<string, string>> Attributes { get; } = [];

    public ulong TimeUnixNano { get; set; }

    public ulong ObservedUnixNano { get; set; }

    public string SeverityText { get; set; } = "";

    /// <summary>The body where it is text; structured bodies are empty.</summary>
    public string Body { get; set; } = "";
}

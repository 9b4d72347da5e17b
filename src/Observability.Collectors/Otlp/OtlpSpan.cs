namespace Observability.Collectors;

/// <summary>One span of a request with the attributes of its resource.</summary>
internal sealed class OtlpSpan
{
    /// <summary>Status code of a span that failed.</summary>
    public const int Error = 2;

    public IReadOnlyList<KeyValuePair<string, string>> Resource { get; set; } = [];

    public List<KeyValuePair<string, string>> Attributes { get; } = [];

    public string TraceId { get; set; } = "";

    public string SpanId { get; set; } = "";

    public string Name { get; set; } = "";

    public ulong StartUnixNano { get; set; }

    public ulong EndUnixNano { get; set; }

    /// <summary>0 unset, 1 ok, 2 error.</summary>
    public int Status { get; set; }

    public string StatusMessage { get; set; } = "";
}

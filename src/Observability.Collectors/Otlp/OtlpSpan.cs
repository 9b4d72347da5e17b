namespace Observability.Collectors;

/// <summary>One span of a request with the attributes of its resource.</summary>
internal sealed class OtlpSpan
{
    /// <summary>Status code of a span that failed.</summary>
    public const int Error = 2;

    /// <summary>Kind of a span inside one service.</summary>
    public const int Internal = 1;

    /// <summary>Kind of a span that asks another service.</summary>
    public const int Client = 3;

    /// <summary>Kind of a span that hands a message to a broker.</summary>
    public const int Producer = 4;

    public IReadOnlyList<KeyValuePair<string, string>> Resource { get; set; } = [];

    public List<KeyValuePair<string, string>> Attributes { get; } = [];

    public string TraceId { get; set; } = "";

    public string SpanId { get; set; } = "";

    /// <summary>The span that this one is a part of, here or at the caller; empty for the first of its trace.</summary>
    public string ParentSpanId { get; set; } = "";

    /// <summary>0 unset, 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</summary>
    public int Kind { get; set; }

    public string Name { get; set; } = "";

    public ulong StartUnixNano { get; set; }

    public ulong EndUnixNano { get; set; }

    /// <summary>0 unset, 1 ok, 2 error.</summary>
    public int Status { get; set; }

    public string StatusMessage { get; set; } = "";
}

using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>A request after reading: what it names, its query, its body and who asks when.</summary>
internal sealed record ApiRequest
{
    public required string Method { get; init; }

    public required ResourcePath Path { get; init; }

    /// <summary>The path as it was asked for.</summary>
    public string RawPath { get; init; } = "";

    /// <summary>Query by parameter; of a repeated one the first.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    public JsonNode? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public string UserAgent { get; init; } = "";

    public required DateTimeOffset Now { get; init; }

    public ResourceKind Kind => Path.Kind;

    public bool DryRun => Parameter("dryRun") == "All";

    public string Parameter(string name) => Query.GetValueOrDefault(name, "");

    public bool Asks(string name) => Parameter(name) is "true" or "1";
}

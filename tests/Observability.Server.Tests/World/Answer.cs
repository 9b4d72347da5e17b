using System.Text.Json.Nodes;

namespace Observability.Server.Tests;

/// <summary>What came back over HTTP.</summary>
internal sealed record Answer(int Status, string Type, string Body)
{
    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The field <c>error</c> of the body.</summary>
    public string Error => (string)Json["error"]!;
}

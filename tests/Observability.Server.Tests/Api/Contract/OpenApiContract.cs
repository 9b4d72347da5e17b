using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using YamlDotNet.RepresentationModel;

namespace Observability.Server.Tests;

/// <summary>A published OpenAPI document: which paths it has, and whether an answer has the shape that it says.</summary>
internal sealed class OpenApiContract
{
    private readonly JsonObject _document;
    private readonly Dictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);

    private OpenApiContract(JsonObject document) => _document = document;

    /// <summary>Method and path of every operation, as <c>GET /query</c>.</summary>
    public IReadOnlyList<string> Operations =>
        [.. _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key.ToUpperInvariant()} {path.Key}"))];

    public static OpenApiContract Read(string file)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(file);
        stream.Load(reader);
        return new OpenApiContract(ToJson(stream.Documents[0].RootNode)!.AsObject());
    }

    /// <summary>What is wrong with an answer to an operation; empty where nothing is.</summary>
    public IReadOnlyList<string> Faults(string operation, Answer answer)
    {
        var parts = operation.Split(' ', 2);
        var responses = _document["paths"]![parts[1]]![parts[0].ToLowerInvariant()]!["responses"]!;
        var documented = responses[answer.Status.ToString(CultureInfo.InvariantCulture)] ?? (answer.Status >= 400 ? responses["default"] : null);
        if (documented is null)
            return [$"status {answer.Status} is not documented"];
        if (documented["content"] is not JsonObject content)
            return answer.Body.Length == 0 ? [] : ["a body where none is documented"];
        if (content[answer.Type]?["schema"] is not { } schema)
            return [$"content type '{answer.Type}' is not documented"];
        if (answer.Type != "application/json")
            return [];
        using var body = JsonDocument.Parse(answer.Body);
        var outcome = Compile(schema).Evaluate(body.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        return outcome.IsValid
            ? []
            : [.. (outcome.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Key} {error.Value}"))];
    }

    // Schemas that others refer to stand under $defs, where JSON Schema itself looks for them.
    private JsonSchema Compile(JsonNode schema)
    {
        var text = schema.ToJsonString();
        if (_schemas.TryGetValue(text, out var known))
            return known;
        var whole = new JsonObject { ["$defs"] = _document["components"]!["schemas"]!.DeepClone(), ["allOf"] = new JsonArray(schema.DeepClone()) };
        return _schemas[text] = JsonSchema.FromText(whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Where(pair => !IsProse(pair)).Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, ToJson(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode { Style: not YamlDotNet.Core.ScalarStyle.Plain } quoted => JsonValue.Create(quoted.Value),
        YamlScalarNode { Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        YamlScalarNode scalar when long.TryParse(scalar.Value, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    // Examples may hold anything; they say nothing about the shape.
    private static bool IsProse(KeyValuePair<YamlNode, YamlNode> pair) => ((YamlScalarNode)pair.Key).Value is "examples" or "example";
}

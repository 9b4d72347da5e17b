using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>Reads fields of an API object by path; a field of another type than asked for reads as absent.</summary>
internal static class JsonFields
{
    /// <summary>Metadata of an object that has been through <see cref="ResourceWrites"/> or was built here: always present.</summary>
    public static JsonObject Metadata(this JsonObject value) => (JsonObject)value["metadata"]!;

    public static string Name(this JsonObject value) => value.Text("metadata", "name");

    public static string Namespace(this JsonObject value) => value.Text("metadata", "namespace");

    public static JsonNode? At(this JsonObject value, params ReadOnlySpan<string> path)
    {
        JsonNode? at = value;
        foreach (var name in path)
            at = (at as JsonObject)?[name];
        return at;
    }

    /// <summary>The text of a string, number or boolean at the path; empty when absent.</summary>
    public static string Text(this JsonObject value, params ReadOnlySpan<string> path) => Scalar(value.At(path));

    public static string Scalar(JsonNode? node) => node switch
    {
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => scalar.GetValue<string>(),
        JsonValue scalar => scalar.ToJsonString(),
        _ => "",
    };

    public static bool Flag(this JsonObject value, params ReadOnlySpan<string> path) => value.Text(path) == "true";

    public static int Number(this JsonObject value, params ReadOnlySpan<string> path) =>
        int.TryParse(value.Text(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static IEnumerable<JsonObject> Objects(this JsonObject value, params ReadOnlySpan<string> path) =>
        value.At(path) is JsonArray array ? array.OfType<JsonObject>() : [];

    /// <summary>The child object of that name, created when absent or of another type.</summary>
    public static JsonObject Child(this JsonObject value, string name)
    {
        if (value[name] is JsonObject child)
            return child;
        child = [];
        value[name] = child;
        return child;
    }

    public static JsonObject Copy(this JsonObject value) => (JsonObject)value.DeepClone();

    /// <summary>Time as the API writes it: whole seconds, UTC.</summary>
    public static string Stamp(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Time as Leases and new Events write it: microseconds, UTC.</summary>
    public static string MicroStamp(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var map = new JsonObject();
        foreach (var (key, value) in pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            map[key] = value;
        return map;
    }
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>The rows kubectl prints, as a meta.k8s.io/v1 Table: the server, not kubectl, decides what a line of `get` shows.</summary>
internal sealed class TableView(DateTimeOffset now, string includeObject)
{
    /// <summary>A table of objects, with the list's metadata.</summary>
    public JsonObject Of(ResourceKind kind, IEnumerable<JsonObject> items, JsonNode? metadata)
    {
        var columns = TableColumns.Of(kind);
        var definitions = columns.Select(column => new JsonObject
        {
            ["name"] = column.Name,
            ["type"] = column.Type,
            ["format"] = column.Name == "Name" ? "name" : "",
            ["description"] = "",
            ["priority"] = column.Wide ? 1 : 0,
        });
        var rows = items.Select(item => new JsonObject
        {
            ["cells"] = new JsonArray([.. columns.Select(column => Cell(column, item))]),
            ["object"] = Object(item),
        });
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata?.DeepClone() ?? new JsonObject(),
            ["columnDefinitions"] = new JsonArray([.. definitions]),
            ["rows"] = new JsonArray([.. rows]),
        };
    }

    private JsonNode? Cell(TableColumn column, JsonObject item)
    {
        var text = column.Read(item, now);
        return column.Type == "integer" && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : text;
    }

    private JsonObject? Object(JsonObject item) => includeObject switch
    {
        "None" => null,
        "Object" => item.Copy(),
        _ => new JsonObject
        {
            ["kind"] = "PartialObjectMetadata",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = item["metadata"]?.DeepClone(),
        },
    };
}

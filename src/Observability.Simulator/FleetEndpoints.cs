using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Observability.Simulator;

/// <summary>The fleet's HTTP face on one loopback listener: exporters, logs, service discovery, topology.</summary>
public static class FleetEndpoints
{
    /// <summary>Maps all endpoints; <paramref name="self"/> gives the address and port that targets are reached under.</summary>
    public static void MapFleet(this IEndpointRouteBuilder app, Fleet fleet, Func<string> self)
    {
        foreach (var exporter in Exporters.OfNodes(fleet))
            app.MapGet($"/nodes/{{node}}/{exporter}/metrics", (string node) => Scrape(fleet, node, exporter));
        app.MapGet("/switches/{name}/metrics", (string name) => ScrapeSwitch(fleet, name));
        app.MapGet("/nodes/{node}/kmsg", (string node, long? after, HttpContext http) => KernelLog(fleet, node, after ?? -1, http));
        app.MapGet("/jobs/{job}/log", (string job, long? after, HttpContext http) => JobLog(fleet, job, after ?? 0, http));
        app.MapGet("/targets", () => Results.Text(Targets(fleet, self()).ToJsonString(), "application/json"));
        app.MapGet("/logs", () => Results.Text(Logs(fleet, self()).ToJsonString(), "application/json"));
        app.MapGet("/topology", () => Results.Text(TopologyJson(fleet), "application/json"));
    }

    private static IResult Scrape(Fleet fleet, string name, string exporter)
    {
        lock (fleet.Gate)
        {
            if (fleet.Node(name) is not { } node)
                return Results.NotFound();
            if (!node.Answers(exporter))
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            var text = new ExpositionWriter();
            Exporters.Read(node, exporter, fleet, text);
            return Results.Bytes(text.Text, "text/plain; version=0.0.4; charset=utf-8");
        }
    }

    private static IResult ScrapeSwitch(Fleet fleet, string name)
    {
        lock (fleet.Gate)
        {
            if (fleet.Switch(name) is not { } found)
                return Results.NotFound();
            if (found.Down)
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            var text = new ExpositionWriter();
            SwitchExporter.Read(found, fleet, text);
            return Results.Bytes(text.Text, "text/plain; version=0.0.4; charset=utf-8");
        }
    }

    private static IResult KernelLog(Fleet fleet, string name, long after, HttpContext http)
    {
        lock (fleet.Gate)
        {
            if (fleet.Node(name) is not { } node)
                return Results.NotFound();
            if (node.Down)
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            http.Response.Headers["X-Boot-Id"] = node.BootId;
            http.Response.Headers["X-Boot-Time-Unix-Ms"] = node.BootedByItsClock(fleet.Now).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            return Results.Text(node.Log.After(after, node.LogHeldSince));
        }
    }

    private static IResult JobLog(Fleet fleet, string name, long after, HttpContext http)
    {
        lock (fleet.Gate)
        {
            if (fleet.Job(name) is not { } job)
                return Results.NotFound();
            var (text, next) = job.Log.After(after);
            http.Response.Headers["X-Next-Offset"] = next.ToString(CultureInfo.InvariantCulture);
            return Results.Text(text);
        }
    }

    internal static JsonArray Targets(Fleet fleet, string self)
    {
        var nodes = fleet.SimNodes.SelectMany(node => Exporters.OfNodes(fleet).Select(job => Target(
            self, $"/nodes/{node.Name}/{job}/metrics", ("job", job), ("node", node.Name), ("instance", InstanceOf(node.Name, job)))));
        var switches = fleet.Switches.Select(one => Target(
            self, $"/switches/{one.Name}/metrics", ("job", Exporters.Switch), ("switch", one.Name), ("instance", InstanceOf(one.Name, Exporters.Switch))));
        return new JsonArray([.. nodes, .. switches]);
    }

    private static JsonObject Target(string self, string path, params (string Name, string Value)[] labels)
    {
        var shown = new JsonObject { ["__metrics_path__"] = path };
        foreach (var (name, value) in labels)
            shown[name] = value;
        return new JsonObject { ["targets"] = new JsonArray(self), ["labels"] = shown };
    }

    // As on a real host: every exporter has its own port. The listener's own address would be another one in each run.
    private static string InstanceOf(string host, string job) => $"{host}:{Exporters.PortOf(job)}";

    internal static JsonArray Logs(Fleet fleet, string self)
    {
        var nodes = fleet.SimNodes.Select(node => (JsonNode)new JsonObject
        {
            ["kind"] = "kmsg",
            ["node"] = node.Name,
            ["url"] = $"http://{self}/nodes/{node.Name}/kmsg",
        });
        var jobs = fleet.Jobs.Select(job => (JsonNode)new JsonObject
        {
            ["kind"] = "training",
            ["job"] = job.Name,
            ["url"] = $"http://{self}/jobs/{job.Name}/log",
        });
        return new JsonArray([.. nodes, .. jobs]);
    }

    internal static string TopologyJson(Fleet fleet)
    {
        var change = fleet.Topology();
        var entities = change.Entities.Select(entity => (JsonNode)new JsonObject
        {
            ["id"] = entity.Id.ToString(),
            ["name"] = entity.DisplayName,
            ["attributes"] = new JsonObject(entity.Attributes.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)JsonValue.Create(label.Value)))),
        });
        var edges = change.Edges.Select(edge => (JsonNode)new JsonObject
        {
            ["from"] = edge.From.ToString(),
            ["kind"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(edge.Kind.ToString()),
            ["to"] = edge.To.ToString(),
        });
        return new JsonObject { ["entities"] = new JsonArray([.. entities]), ["edges"] = new JsonArray([.. edges]) }.ToJsonString();
    }
}

using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Observability.Benchmarks;

/// <summary>
/// Exporters for the scrape comparison, all in one process: each target serves its series with the label sets of dcgm-exporter,
/// about 174 bytes a line, and new values on every request.
/// </summary>
internal static class ExporterFleet
{
    /// <summary>What the process prints in front of its URL once it serves.</summary>
    public const string Ready = "exporters on ";

    /// <summary>Metric names per entity; 20, five of each kind of <see cref="SampleMix"/>.</summary>
    public static readonly string[] Names = [.. Enumerable.Range(0, 20).Select(i => $"bench_{SampleMix.Kinds[i % 4]}_{i / 4}{(i % 4 == 0 ? "_total" : "")}")];

    /// <summary>Serves until cancelled.</summary>
    public static async Task<int> ServeAsync(int targets, int series, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var lines = Enumerable.Range(0, targets).Select(target => Prefixes(target, series)).ToArray();
        var ticks = new int[targets];
        app.MapGet("/targets", (HttpContext context) => Results.Text(new JsonArray([.. Enumerable.Range(0, targets).Select(target => new JsonObject
        {
            ["targets"] = new JsonArray($"{context.Request.Host}"),
            ["labels"] = new JsonObject { ["__metrics_path__"] = $"/metrics/{target}", ["job"] = "compare", ["node"] = Node(target) },
        })]).ToJsonString(), "application/json"));
        app.MapGet("/metrics/{target:int}", async (int target, HttpContext context) =>
        {
            var body = Render(lines[target], target * series, Interlocked.Increment(ref ticks[target]));
            context.Response.ContentType = "text/plain; version=0.0.4";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, cancellationToken);
        });
        await app.StartAsync(cancellationToken);
        await System.Console.Out.WriteLineAsync(Ready + app.Urls.First());
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The comparison is over.
        }

        return 0;
    }

    /// <summary>Labels of a series in exposition form, without the name.</summary>
    public static string Labels(int target, int entity) =>
        $"{{gpu=\"{entity}\",UUID=\"GPU-{target:x8}-{entity:x4}-4a51-9c6e-2f1d0c9b8a76\",pci_bus_id=\"00000000:{entity:X2}:00.0\",device=\"nvidia{entity}\",modelName=\"NVIDIA H100 80GB HBM3\",Hostname=\"{Node(target)}\"}} ";

    private static string Node(int target) => $"node-{target:0000}";

    // A family at a time, as exporters write.
    private static byte[][] Prefixes(int target, int series)
    {
        var entities = series / Names.Length;
        return [.. Names.SelectMany(name => Enumerable.Range(0, entities).Select(entity => Encoding.UTF8.GetBytes(name + Labels(target, entity))))];
    }

    private static ReadOnlyMemory<byte> Render(byte[][] prefixes, int first, int tick)
    {
        var body = new byte[prefixes.Sum(prefix => prefix.Length + 26)];
        var at = 0;
        var perName = prefixes.Length / Names.Length;
        for (var i = 0; i < prefixes.Length; i++)
        {
            prefixes[i].CopyTo(body, at);
            at += prefixes[i].Length;
            // The kind follows the name, the rest the place in the body.
            Utf8Formatter.TryFormat(SampleMix.Value(((first + i) * 4) + (i / perName % 4), tick), body.AsSpan(at), out var written);
            at += written;
            body[at++] = (byte)'\n';
        }

        return body.AsMemory(0, at);
    }
}

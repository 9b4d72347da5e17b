using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Observability.Simulator;

/// <summary>Writes results and watch lines, as objects or as the Table kubectl asks for with <c>Accept: application/json;as=Table;v=v1;g=meta.k8s.io</c>.</summary>
internal sealed class ResponseWriter(HttpContext context, ResourceKind kind, DateTimeOffset now)
{
    private static readonly byte[] _newline = [(byte)'\n'];

    private readonly TableView? _table = WantsTable(context.Request) ? new TableView(now, context.Request.Query["includeObject"].ToString()) : null;

    public async Task WriteAsync(ApiResult result, CancellationToken cancel)
    {
        context.Response.StatusCode = result.Code;
        context.Response.ContentType = "application/json";
        if (result.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        Write(writer, result);
        await writer.FlushAsync(cancel);
    }

    /// <summary>Writes one watch line; the caller flushes.</summary>
    public void WriteLine(WatchEvent line)
    {
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            writer.WriteStartObject();
            writer.WriteString("type", line.Type);
            writer.WritePropertyName("object");
            var shown = _table is null || line.Type is "ERROR" or "BOOKMARK"
                ? line.Object
                : _table.Of(kind, [line.Object], new JsonObject { ["resourceVersion"] = line.Object.Text("metadata", "resourceVersion") });
            shown.WriteTo(writer);
            writer.WriteEndObject();
        }

        context.Response.BodyWriter.Write(_newline);
    }

    private void Write(Utf8JsonWriter writer, ApiResult result)
    {
        if (_table is not null && context.Request.Method == "GET" && !result.Failed)
        {
            _table.Of(kind, result.Items ?? [result.Body], result.Items is null ? null : result.Body["metadata"]).WriteTo(writer);
            return;
        }

        if (result.Items is null)
        {
            result.Body.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var (name, field) in result.Body)
        {
            writer.WritePropertyName(name);
            if (field is null)
                writer.WriteNullValue();
            else
                field.WriteTo(writer);
        }

        writer.WriteStartArray("items");
        foreach (var item in result.Items)
            item.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static bool WantsTable(HttpRequest request) =>
        request.Headers.Accept.ToString().Split(',')[0].Contains("as=Table", StringComparison.OrdinalIgnoreCase);
}

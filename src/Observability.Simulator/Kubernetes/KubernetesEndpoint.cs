using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Observability.Simulator;

/// <summary>The HTTP side: reads a request, asks the cluster, writes the answer.</summary>
internal sealed class KubernetesEndpoint(KubernetesCluster cluster, TimeProvider time, KubernetesOptions options, ILogger logger, CancellationToken stopping)
{
    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };

    private int _watches;

    public async Task HandleAsync(HttpContext context)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        KubernetesMetrics.Requests.Add(1, new KeyValuePair<string, object?>("method", method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" ? method : "other"));
        try
        {
            await AnswerAsync(context, path, cancel.Token);
            KubernetesLog.Answered(logger, method, path, context.Response.StatusCode);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The client left or the host stops: a watch just ends, and who still waits for an answer may come again.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            KubernetesLog.Failed(logger, failure, method, path);
            await ReplyAsync(context, ApiStatus.Failure(500, "InternalError", "Internal error occurred: " + failure.Message), cancel.Token);
        }
    }

    private async Task AnswerAsync(HttpContext context, string path, CancellationToken cancel)
    {
        if (context.Request.Method == "GET" && Discovery.At(path, options.GitVersion) is { } document)
        {
            await ReplyAsync(context, new ApiResult(200, document), cancel);
            return;
        }

        if (ResourcePath.Parse(path) is not { } resource)
        {
            await ReplyAsync(context, ApiStatus.NoSuchPath(), cancel);
            return;
        }

        var now = time.GetUtcNow();
        var (request, fault) = await ReadAsync(context.Request, resource, now, cancel);
        if (fault is null && request.Method == "GET" && request.Asks("watch"))
            fault = await WatchAsync(context, request, cancel);
        else
            fault ??= cluster.Execute(request);
        if (fault is not null)
            await new ResponseWriter(context, resource.Kind, now).WriteAsync(fault, cancel);
    }

    private async Task<ApiResult?> WatchAsync(HttpContext context, ApiRequest request, CancellationToken cancel)
    {
        if (ResourceFilter.Read(request, out var filter) is { } refused)
            return refused;
        try
        {
            if (Interlocked.Increment(ref _watches) > options.WatchLimit)
                return ApiStatus.Failure(429, "TooManyRequests", $"{options.WatchLimit} watches are open; close some") with { RetryAfterSeconds = 1 };
            await new WatchStream(cluster, time, options).ServeAsync(context, request, filter, cancel);
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _watches);
        }
    }

    private async Task<(ApiRequest Request, ApiResult? Fault)> ReadAsync(HttpRequest http, ResourcePath path, DateTimeOffset now, CancellationToken cancel)
    {
        var request = new ApiRequest
        {
            Method = http.Method,
            Path = path,
            RawPath = http.Path.Value ?? "",
            Query = http.Query.ToDictionary(pair => pair.Key, pair => pair.Value.FirstOrDefault() ?? "", StringComparer.Ordinal),
            ContentType = (http.ContentType ?? "application/json").Split(';')[0].Trim().ToLowerInvariant(),
            UserAgent = http.Headers.UserAgent.ToString(),
            Now = now,
        };
        if (http.Method == "GET")
            return (request, null);
        var bytes = await BodyAsync(http, cancel);
        if (bytes is null)
            return (request, ApiStatus.Failure(413, "RequestEntityTooLarge", $"Request entity too large: limit is {options.BodyLimitBytes}"));
        if (bytes.Length == 0)
            return (request, null);
        if (!request.ContentType.EndsWith("json", StringComparison.Ordinal))
            return (request, ApiStatus.Unsupported(request.ContentType));
        try
        {
            return (request with { Body = JsonNode.Parse(bytes, documentOptions: _strict) }, null);
        }
        catch (JsonException problem)
        {
            return (request, ApiStatus.BadRequest("the object provided is unrecognized (must be of type JSON): " + problem.Message));
        }
    }

    /// <summary>The whole body; null when it is larger than allowed.</summary>
    private async Task<byte[]?> BodyAsync(HttpRequest http, CancellationToken cancel)
    {
        while (true)
        {
            var read = await http.BodyReader.ReadAsync(cancel);
            var bytes = read.IsCompleted ? read.Buffer.ToArray() : null;
            var tooLarge = read.Buffer.Length > options.BodyLimitBytes;
            http.BodyReader.AdvanceTo(read.IsCompleted ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
            if (tooLarge || bytes is not null)
                return tooLarge ? null : bytes;
        }
    }

    private static async Task ReplyAsync(HttpContext context, ApiResult result, CancellationToken cancel)
    {
        context.Response.StatusCode = result.Code;
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        result.Body.WriteTo(writer);
        await writer.FlushAsync(cancel);
    }
}

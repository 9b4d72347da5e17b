using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Observability.Server;

/// <summary>
/// Adds the routes to the OpenAPI document that answer a request as a whole (Prometheus, Alertmanager, OTLP, changes): the framework
/// lists only handlers with typed parameters.
/// </summary>
internal sealed class PlainRoutes(EndpointDataSource routes) : IOpenApiDocumentTransformer
{
    /// <inheritdoc/>
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Paths ??= new OpenApiPaths();
        foreach (var route in routes.Endpoints.OfType<RouteEndpoint>())
        {
            if (route.RoutePattern.RawText is not { } path || !(path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/v1/", StringComparison.Ordinal)))
                continue;
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                Add(document, path, new HttpMethod(method), route);
        }

        return Task.CompletedTask;
    }

    private static void Add(OpenApiDocument document, string path, HttpMethod method, RouteEndpoint route)
    {
        if (!document.Paths.TryGetValue(path, out var item))
            document.Paths[path] = item = new OpenApiPathItem();
        if (item is not OpenApiPathItem known || known.Operations?.ContainsKey(method) == true)
            return;
        known.AddOperation(method, new OpenApiOperation
        {
            Summary = route.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? $"{method} {path}, as its protocol says",
            Responses = new OpenApiResponses { ["200"] = new OpenApiResponse { Description = "OK" } },
        });
    }
}

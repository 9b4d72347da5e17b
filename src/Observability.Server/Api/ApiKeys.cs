using System.Security.Cryptography;
using System.Text;

namespace Observability.Server;

/// <summary>
/// Who may write. Without keys, writing is open, and the server binds to loopback only (the configuration refuses
/// anything else). With keys, everything but reading needs one. Requests that carry a signature of their own are
/// checked by their own door.
/// </summary>
internal sealed class ApiKeys
{
    private const string ActorItem = "observability.actor";
    // Queries may come as POST: Prometheus's own clients send long expressions that way.
    private static readonly string[] Queries =
        ["/api/v1/query", "/api/v1/query_range", "/api/v1/query_exemplars", "/api/v1/format_query", "/api/v1/parse_query", "/api/v1/search", "/api/v1/series", "/api/v1/labels"];

    private readonly (string Name, byte[] Secret)[] _keys;

    public ApiKeys(IEnumerable<string> keys) =>
        _keys = [.. keys.Select(key => key.Split(':', 2)).Select(parts => (parts[0], SHA256.HashData(Encoding.UTF8.GetBytes(parts[1]))))];

    /// <summary>True where writing needs a key.</summary>
    public bool AreNeeded => _keys.Length > 0;

    /// <summary>The caller's name, as the key or, on open loopback, as the header <c>X-Actor</c> says.</summary>
    public static string ActorOf(HttpContext http)
    {
        if (http.Items.TryGetValue(ActorItem, out var actor))
            return (string)actor!;
        var stated = http.Request.Headers["X-Actor"].ToString();
        return stated.Length > 0 ? stated : "anonymous";
    }

    /// <summary>Refuses a write without a valid key with 401.</summary>
    public async Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        if (AreNeeded && Writes(http.Request) && !SignsItself(http.Request.Path))
        {
            var name = Match(http.Request.Headers.Authorization.ToString());
            if (name is null)
            {
                RequestFaults.Mark(http, "api_key");
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                http.Response.Headers.WWWAuthenticate = "Bearer";
                await http.Response.WriteAsJsonAsync(new ApiError(
                    "authorization: a valid key of server.api_keys is needed as 'Authorization: Bearer …'"), http.RequestAborted);
                return;
            }

            http.Items[ActorItem] = $"api-key:{name}";
        }

        await next(http);
    }

    private static bool Writes(HttpRequest request) => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
        && !HttpMethods.IsOptions(request.Method) && !request.Path.StartsWithSegments("/_blazor")
        && !Array.Exists(Queries, path => request.Path.StartsWithSegments(path));

    private static bool SignsItself(PathString path) => path.StartsWithSegments("/api/slack")
        || path.StartsWithSegments("/api/webhooks/github") || path.StartsWithSegments("/api/webhooks/gitlab") || path.StartsWithSegments("/api/webhooks/argocd");

    private string? Match(string header)
    {
        const string scheme = "Bearer ";
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? OwnerOf(header[scheme.Length..]) : null;
    }

    /// <summary>The name of a key by its secret; null where there is none with it.</summary>
    public string? OwnerOf(string secret)
    {
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(secret.Trim()));
        string? found = null;
        foreach (var (name, known) in _keys)
        {
            // Every key is compared, so that time does not tell which one came close.
            if (CryptographicOperations.FixedTimeEquals(known, given))
                found = name;
        }

        return found;
    }
}

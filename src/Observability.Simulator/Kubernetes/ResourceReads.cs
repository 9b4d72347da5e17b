using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>GET of one object and of a list, with selectors and pages.</summary>
internal sealed class ResourceReads(ClusterState state)
{
    public ApiResult Get(ApiRequest request) =>
        state.Store.Get(request.Kind, request.Path.Namespace, request.Path.Name) is { } value
            ? new ApiResult(200, EventForms.View(request.Kind, value))
            : ApiStatus.NotFound(request.Kind, request.Path.Name);

    /// <summary>Lists in order of namespace and name. A continued list is read from the present state, not from the first page's.</summary>
    public ApiResult List(ApiRequest request)
    {
        if (ResourceFilter.Read(request, out var filter) is { } refused)
            return refused;
        if (!TryContinue(request.Parameter("continue"), out var version, out var after))
            return ApiStatus.BadRequest("continue key is not valid: " + request.Parameter("continue"));
        var matching = Matching(filter).SkipWhile(value => after.Length > 0 && string.CompareOrdinal(Key(value), after) <= 0).ToList();
        var page = int.TryParse(request.Parameter("limit"), out var limit) && limit > 0 ? matching.Take(limit).ToList() : matching;
        var metadata = new JsonObject { ["resourceVersion"] = (version > 0 ? version : state.Store.Version).ToString(CultureInfo.InvariantCulture) };
        if (page.Count < matching.Count)
        {
            metadata["continue"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{metadata["resourceVersion"]}:{Key(page[^1])}"));
            metadata["remainingItemCount"] = matching.Count - page.Count;
        }

        var head = new JsonObject { ["kind"] = request.Kind.Kind + "List", ["apiVersion"] = request.Kind.ApiVersion, ["metadata"] = metadata };
        return new ApiResult(200, head) { Items = page };
    }

    public IEnumerable<JsonObject> Matching(ResourceFilter filter) =>
        state.Store.List(filter.Kind, filter.Namespace).Select(value => EventForms.View(filter.Kind, value)).Where(filter.Matches);

    private static string Key(JsonObject value) => $"{value.Namespace()}/{value.Name()}";

    private static bool TryContinue(string token, out long version, out string after)
    {
        (version, after) = (0, "");
        if (token.Length == 0)
            return true;
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var length))
            return false;
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        after = parts[^1];
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }
}

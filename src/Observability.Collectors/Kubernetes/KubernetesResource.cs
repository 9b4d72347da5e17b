using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// One kind of object kept equal to the API server's: listed page by page, then kept by a watch from the list's version on. A watch here
/// lasts a second, because a step must end; where the version is too old (410) everything is listed again.
/// </summary>
internal sealed class KubernetesResource<T>(string path, Func<JsonElement, T?> read, KubernetesOptions options, KubernetesConnection connection)
    where T : class
{
    private readonly Dictionary<string, T> _objects = new(StringComparer.Ordinal);
    private string _version = "";
    private DateTimeOffset _nextList;

    /// <summary>The objects by namespace and name.</summary>
    public IReadOnlyDictionary<string, T> Objects => _objects;

    /// <summary>Catches up. After a failure the objects stay as they were.</summary>
    public async Task<KubernetesAnswer> CatchUpAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_version.Length > 0 && now < _nextList)
        {
            var answer = await WatchAsync(cancellationToken);
            if (!answer.IsExpired)
                return answer;
        }

        return await ListAsync(now, cancellationToken);
    }

    private async Task<KubernetesAnswer> ListAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var listed = new Dictionary<string, T>(StringComparer.Ordinal);
        var (version, next) = ("", "");
        var answer = new KubernetesAnswer(0, "");
        for (var page = 0; page < options.PageLimit; page++)
        {
            var query = $"{path}?limit={options.PageSize}" + (next.Length > 0 ? $"&continue={Uri.EscapeDataString(next)}" : "");
            answer = await GetAsync(query, root =>
            {
                (version, next) = (root.Get("metadata").Text("resourceVersion"), root.Get("metadata").Text("continue"));
                foreach (var item in root.Items("items"))
                {
                    if (read(item) is { } value)
                        listed[KeyOf(item)] = value;
                }
            }, cancellationToken);
            if (answer.Fault.Length > 0)
            {
                _version = "";
                return answer;
            }

            if (next.Length == 0)
                break;
        }

        _objects.Clear();
        foreach (var (key, value) in listed)
            _objects[key] = value;
        (_version, _nextList) = (version, now + options.ListInterval);
        return answer;
    }

    private async Task<KubernetesAnswer> WatchAsync(CancellationToken cancellationToken)
    {
        var expired = false;
        var answer = await GetAsync(
            $"{path}?watch=1&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion={Uri.EscapeDataString(_version)}", change =>
            {
                var (type, value) = (change.Text("type"), change.Get("object"));
                if (type == "ERROR")
                {
                    expired = true;
                    return;
                }

                if (value.Get("metadata").Text("resourceVersion") is { Length: > 0 } version)
                    _version = version;
                if (type == "DELETED")
                    _objects.Remove(KeyOf(value));
                else if (type is "ADDED" or "MODIFIED" && read(value) is { } read1)
                    _objects[KeyOf(value)] = read1;
            }, cancellationToken);
        return expired ? answer with { Status = 410 } : answer;
    }

    private static string KeyOf(JsonElement item) => $"{item.Get("metadata").Text("namespace")}/{item.Get("metadata").Text("name")}";

    private Task<KubernetesAnswer> GetAsync(string query, Action<JsonElement> take, CancellationToken cancellationToken) =>
        connection.GetAsync(query, (options.Timeout, options.BodyLimitBytes), take, cancellationToken);
}

using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// One kind of object kept equal to the API server's: listed page by page, then kept by a watch from the list's version on. A watch here
/// lasts a second, because a step must end; where the version is too old (410) everything is listed again.
/// </summary>
internal sealed class KubernetesResource<T>(string path, Func<JsonElement, T?> read, KubernetesOptions options, HttpClient http)
    where T : class
{
    private readonly Dictionary<string, T> _objects = new(StringComparer.Ordinal);
    private string _version = "";
    private DateTimeOffset _nextList;

    /// <summary>The objects by namespace and name.</summary>
    public IReadOnlyDictionary<string, T> Objects => _objects;

    /// <summary>Catches up; what went wrong, or an empty string. After a failure the objects stay as they were.</summary>
    public async Task<string> CatchUpAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_version.Length > 0 && now < _nextList)
        {
            var fault = await WatchAsync(cancellationToken);
            if (fault != "410")
                return fault;
        }

        return await ListAsync(now, cancellationToken);
    }

    private async Task<string> ListAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var listed = new Dictionary<string, T>(StringComparer.Ordinal);
        var (version, next) = ("", "");
        for (var page = 0; page < options.PageLimit; page++)
        {
            var query = $"{path}?limit={options.PageSize}" + (next.Length > 0 ? $"&continue={Uri.EscapeDataString(next)}" : "");
            var fault = await GetAsync(query, root =>
            {
                (version, next) = (root.Get("metadata").Text("resourceVersion"), root.Get("metadata").Text("continue"));
                foreach (var item in root.Items("items"))
                {
                    if (read(item) is { } value)
                        listed[KeyOf(item)] = value;
                }
            }, cancellationToken);
            if (fault.Length > 0)
            {
                _version = "";
                return fault;
            }

            if (next.Length == 0)
                break;
        }

        _objects.Clear();
        foreach (var (key, value) in listed)
            _objects[key] = value;
        (_version, _nextList) = (version, now + options.ListInterval);
        return "";
    }

    private async Task<string> WatchAsync(CancellationToken cancellationToken)
    {
        var expired = false;
        var fault = await GetAsync(
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
        return expired ? "410" : fault;
    }

    private static string KeyOf(JsonElement item) => $"{item.Get("metadata").Text("namespace")}/{item.Get("metadata").Text("name")}";

    private async Task<string> GetAsync(string query, Action<JsonElement> take, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.Url!, query));
            if (options.TokenFile.Length > 0)
                request.Headers.Authorization = new("Bearer", (await File.ReadAllTextAsync(options.TokenFile, patience.Token)).Trim());
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (!response.IsSuccessStatusCode)
                return (int)response.StatusCode == 410 ? "410" : $"{options.Url}{query.TrimStart('/')} answered {(int)response.StatusCode}";
            await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
            using var body = await LimitedBody.ReadAsync(stream, response.Content.Headers.ContentEncoding.LastOrDefault(), options.BodyLimitBytes, patience.Token);
            return body.Fault != BodyFault.None ? body.Error : JsonValues.Read(body.Bytes.Span, take);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {options.Timeout.TotalSeconds:0.###} s";
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }
}

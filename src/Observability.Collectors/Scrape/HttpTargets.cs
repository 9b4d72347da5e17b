using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Targets from a URL that speaks Prometheus HTTP service discovery:
/// <code>[{"targets":["10.0.0.7:9400"],"labels":{"job":"dcgm","node":"node-000","__metrics_path__":"/metrics","__scheme__":"http"}}]</code>
/// Labels that begin with <c>__</c> steer and are not kept; <c>__param_x</c> becomes the query parameter x. With rules every target is relabelled
/// first, <c>__meta_url</c> telling where it was found.
/// </summary>
/// <param name="url">Where they are told.</param>
/// <param name="http">Asks.</param>
/// <param name="rules">Relabelling rules; none takes targets as they are.</param>
/// <param name="defaults">Labels that each target begins with where there are rules.</param>
public sealed class HttpTargets(Uri url, HttpClient http, IReadOnlyList<RelabelRule>? rules = null, LabelSet? defaults = null) : ITargetSource
{
    private const long LimitBytes = 64L * 1_024 * 1_024;
    private const int ErrorsKept = 10;

    /// <inheritdoc/>
    public string Name => url.AbsoluteUri;

    /// <inheritdoc/>
    public async Task<TargetSet> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
                return new TargetSet(null, $"{url} answered {(int)response.StatusCode}");
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var encoding = response.Content.Headers.ContentEncoding.LastOrDefault();
            using var body = await LimitedBody.ReadAsync(stream, encoding, LimitBytes, cancellationToken);
            return body.Fault != BodyFault.None ? new TargetSet(null, $"{url}: {body.Error}") : rules is null ? Parse(body.Bytes) : Relabelled(body.Bytes);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return new TargetSet(null, $"{url}: {fault.Message}");
        }
    }

    private TargetSet Relabelled(ReadOnlyMemory<byte> json)
    {
        var (found, error) = TargetGroups.Read(json, "targets.json");
        return error.Length > 0
            ? new TargetSet(null, $"{url}: {error}")
            : DiscoveredTargets.Of(found.Select(labels => labels.With("__meta_url", url.AbsoluteUri)), rules!, defaults ?? LabelSet.Empty);
    }

    internal static TargetSet Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonText.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                return new TargetSet(null, "the answer must be a JSON list of {targets, labels}");
            var targets = new List<ScrapeTarget>();
            var errors = new List<string>();
            var index = 0;
            foreach (var group in document.RootElement.EnumerateArray())
                AddGroup(group, $"[{index++}]", targets, errors);
            return new TargetSet(targets, string.Join("; ", errors.Take(ErrorsKept)));
        }
        catch (JsonException fault)
        {
            return new TargetSet(null, $"the answer is not JSON: {fault.Message}");
        }
    }

    private static void AddGroup(JsonElement group, string where, List<ScrapeTarget> targets, List<string> errors)
    {
        if (group.ValueKind != JsonValueKind.Object
            || !group.TryGetProperty("targets", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            errors.Add($"{where} has no list 'targets'");
            return;
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (group.TryGetProperty("labels", out var stated) && stated.ValueKind == JsonValueKind.Object)
        {
            foreach (var label in stated.EnumerateObject())
            {
                if (label.Value.ValueKind == JsonValueKind.String)
                    labels[label.Name] = label.Value.GetString()!;
                else
                    errors.Add($"{where}.labels.{label.Name} must be a string");
            }
        }

        foreach (var address in list.EnumerateArray())
        {
            if (address.ValueKind == JsonValueKind.String && TryTarget(address.GetString()!, labels, out var target))
                targets.Add(target);
            else
                errors.Add($"{where}.targets has {address.GetRawText()}; write \"host:port\"");
        }
    }

    private static bool TryTarget(string address, Dictionary<string, string> labels, out ScrapeTarget target)
    {
        target = null!;
        var scheme = labels.GetValueOrDefault("__scheme__", "http");
        var path = labels.GetValueOrDefault("__metrics_path__", "/metrics");
        var query = string.Join('&', labels
            .Where(label => label.Key.StartsWith("__param_", StringComparison.Ordinal))
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{Uri.EscapeDataString(label.Key[8..])}={Uri.EscapeDataString(label.Value)}"));
        var text = $"{scheme}://{address}/{path.TrimStart('/')}{(query.Length > 0 ? "?" : "")}{query}";
        if (address.Contains('/', StringComparison.Ordinal)
            || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return false;
        }

        var kept = labels.Where(label => !label.Key.StartsWith("__", StringComparison.Ordinal)).ToList();
        if (!labels.ContainsKey("instance"))
            kept.Add(new("instance", address));
        target = new ScrapeTarget(url, LabelSet.From(kept));
        return true;
    }
}

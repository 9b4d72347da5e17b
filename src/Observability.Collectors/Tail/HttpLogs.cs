using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Observability.Collectors;

/// <summary>
/// Logs from a URL that lists them: <code>[{"kind":"kmsg","node":"node-000","url":"http://…"},{"kind":"training","job":"llm-1","url":"…"}]</code>
/// A relative <c>url</c> counts from the list's own.
/// </summary>
public sealed class HttpLogs(Uri url, Outside outside) : ILogList
{
    private const long LimitBytes = 64L * 1_024 * 1_024;

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Logs");
    private string _error = "";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LogSource>?> ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<LogSource>? logs = null;
        string error;
        try
        {
            using var response = await outside.Http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            response.EnsureSuccessStatusCode();
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var body = await LimitedBody.ReadAsync(stream, "", LimitBytes, cancellationToken);
            error = body.Fault == BodyFault.None ? TryParse(body.Bytes, url, out logs) : body.Error;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            error = fault.Message;
        }

        if (error.Length > 0 && error != _error)
            CollectorsLog.LogListFailed(_log, url.AbsoluteUri, error);
        _error = error;
        return logs;
    }

    // Returns what is wrong, or an empty string; entries that can be read are kept either way.
    internal static string TryParse(ReadOnlyMemory<byte> json, Uri from, out IReadOnlyList<LogSource>? logs)
    {
        logs = null;
        try
        {
            using var document = JsonText.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                return "the list must be a JSON list of {kind, url, node or job}";
            var read = new List<LogSource>();
            var errors = new List<string>();
            foreach (var entry in document.RootElement.EnumerateArray())
            {
                if (TryEntry(entry, from, out var source))
                    read.Add(source);
                else
                    errors.Add($"{entry.GetRawText()} needs kind \"kmsg\" or \"training\" and a url");
            }

            logs = read;
            return string.Join("; ", errors.Take(5));
        }
        catch (JsonException fault)
        {
            return $"the list is not JSON: {fault.Message}";
        }
    }

    private static bool TryEntry(JsonElement entry, Uri from, out LogSource source)
    {
        source = null!;
        if (entry.ValueKind != JsonValueKind.Object)
            return false;
        var kind = Text(entry, "kind");
        if (kind is not ("kmsg" or "training") || Text(entry, "url") is not { Length: > 0 } text
            || !Uri.TryCreate(from, text, out var location) || location.Scheme is not ("http" or "https"))
        {
            return false;
        }

        source = kind == "kmsg"
            ? new LogSource(LogKind.Kernel, location.AbsoluteUri, Text(entry, "node"))
            : new LogSource(LogKind.Training, location.AbsoluteUri, Text(entry, "job"));
        return true;
    }

    private static string Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

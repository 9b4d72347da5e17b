using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// Runs a credential plugin and keeps what it gave until shortly before that expires, or until the server refuses it.
/// <code>{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"expirationTimestamp":"2026-03-01T12:15:00Z","token":"…"}}</code>
/// </summary>
internal sealed class KubernetesPluginRun(KubernetesPlugin plugin, TimeProvider time) : IDisposable
{
    // A request that begins with a token must also end with it.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    // Shorter than the patience with a whole request, so that the plugin is named and not the server.
    private static readonly (TimeSpan Timeout, int Characters) Limits = (TimeSpan.FromSeconds(6), 1 << 20);

    private readonly SemaphoreSlim _one = new(1, 1);
    private KubernetesCredential? _known;
    private DateTimeOffset? _expires;

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    /// <summary>The credential; the plugin runs where there is none, it expires, or it is the one that was refused.</summary>
    public async Task<(KubernetesCredential Credential, string Fault)> GetAsync(KubernetesCredential? refused, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_known is { } known && !ReferenceEquals(known, refused) && (_expires is not { } end || time.GetUtcNow() < end - Margin))
                return (known, "");
            var output = await CommandRun.RunAsync(Start(), Limits, time, cancellationToken);
            var fault = output.Error.Length > 0 ? output.Error : Take(output.Text);
            return (_known ?? KubernetesCredential.None, fault);
        }
        finally
        {
            _one.Release();
        }
    }

    private ProcessStartInfo Start()
    {
        var start = new ProcessStartInfo(plugin.Command, plugin.Arguments);
        foreach (var (name, value) in plugin.Environment)
            start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] =
            $$$"""{"apiVersion":"{{{plugin.ApiVersion}}}","kind":"ExecCredential","spec":{"interactive":false}}""";
        return start;
    }

    // The text is never quoted: it may hold the token.
    private string Take(string text)
    {
        _known = null;
        try
        {
            using var document = JsonText.Parse(text);
            var status = document.RootElement.Get("status");
            var credential = new KubernetesCredential(status.Text("token"), status.Text("clientCertificateData"), status.Text("clientKeyData"));
            if (document.RootElement.Text("kind") != "ExecCredential" || credential == KubernetesCredential.None)
                return $"{plugin.Command} printed no ExecCredential with a token or a certificate";
            _expires = DateTimeOffset.TryParse(status.Text("expirationTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) ? end : null;
            _known = credential;
            return "";
        }
        catch (JsonException)
        {
            return $"{plugin.Command} printed no JSON; it must print an ExecCredential";
        }
    }
}

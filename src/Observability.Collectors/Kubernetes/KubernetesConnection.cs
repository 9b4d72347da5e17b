using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// A way to ask one API server. Files of certificates are looked at every minute and a changed one takes effect with the next request;
/// tokens in files are read with each. A server that refuses a plugin's credential is asked once more with a new one.
/// </summary>
/// <param name="access">Where and as whom.</param>
/// <param name="outside">The client for servers that need no certificates of their own, and the clock.</param>
public sealed class KubernetesConnection(KubernetesAccess access, Outside outside) : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly KubernetesPluginRun? _plugin = access.Plugin is { } plugin ? new KubernetesPluginRun(plugin, outside.Time) : null;
    private readonly SemaphoreSlim _one = new(1, 1);
    private KubernetesTls _tls = KubernetesTls.None;
    private HttpClient? _own;
    private (KubernetesCredential Credential, DateTimeOffset At)? _looked;

    /// <summary>The server's URL, for messages.</summary>
    public Uri Url => access.Url;

    /// <inheritdoc/>
    public void Dispose()
    {
        _own?.Dispose();
        _plugin?.Dispose();
        _one.Dispose();
    }

    internal async Task<KubernetesAnswer> GetAsync(string query, (TimeSpan Timeout, long Bytes) limits, Action<JsonElement> take, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limits.Timeout);
        try
        {
            var (credential, fault) = _plugin is null ? (KubernetesCredential.None, "") : await _plugin.GetAsync(null, patience.Token);
            if (fault.Length > 0)
                return new KubernetesAnswer(0, fault);
            var answer = await AskAsync(query, credential, limits.Bytes, take, patience.Token);
            if (answer.Status != (int)HttpStatusCode.Unauthorized || _plugin is null)
                return answer;
            (credential, fault) = await _plugin.GetAsync(credential, patience.Token);
            return fault.Length > 0 ? new KubernetesAnswer(0, fault) : await AskAsync(query, credential, limits.Bytes, take, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new KubernetesAnswer(0, $"{access.Url} did not answer within {limits.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or UnauthorizedAccessException or CryptographicException)
        {
            // What is wrong with a certificate stands in the inner fault.
            return new KubernetesAnswer(0, $"{access.Url}: {fault.Message}{(fault.InnerException is { } inner ? $" ({inner.Message})" : "")}");
        }
    }

    private async Task<KubernetesAnswer> AskAsync(string query, KubernetesCredential credential, long bytes, Action<JsonElement> take, CancellationToken cancellationToken)
    {
        var http = await ClientAsync(credential, cancellationToken);
        // The URL may have a path of its own, where one door leads to many clusters.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(access.Url.ToString().TrimEnd('/') + query));
        // The name in the header is the one that the certificate is compared with.
        if (access.ServerName.Length > 0)
            request.Headers.Host = access.ServerName;
        var token = credential.Token.Length > 0 ? credential.Token
            : access.TokenFile.Length > 0 ? (await File.ReadAllTextAsync(access.TokenFile, cancellationToken)).Trim()
            : access.Token;
        if (token.Length > 0 && !request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token))
            return new KubernetesAnswer(0, $"the token for {access.Url} cannot be sent: it has characters that no header may have");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            return new KubernetesAnswer((int)response.StatusCode, $"{request.RequestUri} answered {(int)response.StatusCode}{Hint(response.StatusCode)}");
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = await LimitedBody.ReadAsync(stream, response.Content.Headers.ContentEncoding.LastOrDefault(), bytes, cancellationToken);
        return new KubernetesAnswer((int)response.StatusCode, body.Fault != BodyFault.None ? body.Error : JsonValues.Read(body.Bytes.Span, take));
    }

    private static string Hint(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "; the token or certificate is missing, wrong or expired",
        HttpStatusCode.Forbidden => "; give the account get, list and watch on it",
        _ => "",
    };

    private async Task<HttpClient> ClientAsync(KubernetesCredential credential, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var now = outside.Time.GetUtcNow();
            if (_looked is { } looked && looked.Credential == credential && now - looked.At < LookAgain)
                return _own ?? outside.Http;
            var tls = new KubernetesTls(
                await access.Authority.ReadAsync(cancellationToken),
                credential.Certificate.Length > 0 ? credential.Certificate : await access.Certificate.ReadAsync(cancellationToken),
                credential.Certificate.Length > 0 ? credential.Key : await access.Key.ReadAsync(cancellationToken),
                access.SkipsVerification);
            if (tls != _tls)
            {
                // Requests that run on the old one may end there: it is left to the collector.
                _own = tls == KubernetesTls.None ? null : tls.Connect();
                _tls = tls;
            }

            _looked = (credential, now);
            return _own ?? outside.Http;
        }
        finally
        {
            _one.Release();
        }
    }
}

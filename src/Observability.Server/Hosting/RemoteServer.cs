using System.Net.Http.Headers;
using System.Text;
using Observability.Metrics;

namespace Observability.Server;

/// <summary>
/// The Prometheus-compatible server of <c>metrics.remote_url</c>: Prometheus, VictoriaMetrics, Thanos or Mimir. A path of the
/// URL is kept (<c>http://vmselect:8481/select/0/prometheus</c>), a user and password in it become basic authentication.
/// </summary>
internal sealed class RemoteServer : IDisposable
{
    // A rule that waits longer than this would miss its next evaluation anyway.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Servers and proxies begin to refuse at 4,096 and 8,192.
    private const int LongestUrl = 2_000;

    // As many as Prometheus evaluates at a time; further queries wait here instead of there.
    private const int MaxConnections = 20;

    private readonly HttpClient _client;

    private RemoteServer(Uri url)
    {
        var address = new UriBuilder(url) { UserName = "", Password = "" };
        if (!address.Path.EndsWith('/'))
            address.Path += "/";
        _client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = MaxConnections }) { BaseAddress = address.Uri, Timeout = Patience };
        if (url.UserInfo.Length > 0)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));
        }

        Engine = new RemoteQueryEngine(_client);
    }

    /// <summary>Answers PromQL.</summary>
    public IQueryEngine Engine { get; }

    /// <summary>The server of the configuration; null for the embedded store.</summary>
    public static RemoteServer? From(SeriesOptions options) => options.RemoteUrl.Length == 0 ? null : new RemoteServer(new Uri(options.RemoteUrl));

    /// <summary>Asks an endpoint; the caller passes the answer on as it is. A question too long for a URL goes as a form.</summary>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    public async Task<HttpResponseMessage> AskAsync(string endpoint, QueryString query, CancellationToken cancellationToken)
    {
        var isLong = query.Value?.Length > LongestUrl;
        using var request = new HttpRequestMessage(
            isLong ? HttpMethod.Post : HttpMethod.Get, new Uri("api/v1/" + endpoint + (isLong ? "" : query.Value), UriKind.Relative));
        if (isLong)
            request.Content = new StringContent(query.Value![1..], Encoding.UTF8, "application/x-www-form-urlencoded");
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}

using System.Net;
using System.Text;

namespace Observability.Storage.Tests;

/// <summary>Answers each request with the next line of its script and keeps what was sent.</summary>
internal sealed class ScriptedServer(params (HttpStatusCode Status, string Body)[] script) : HttpMessageHandler
{
    private int _next;

    public List<string> Requests { get; } = [];

    public HttpClient Client() => new(this, disposeHandler: false) { BaseAddress = new Uri("http://127.0.0.1:9200/") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        Requests.Add($"{request.Method} {request.RequestUri} {request.Content.Headers.ContentType}\n{body}");
        if (_next >= script.Length)
            throw new HttpRequestException("connection refused");
        var (status, text) = script[_next++];
        return new HttpResponseMessage(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
    }
}

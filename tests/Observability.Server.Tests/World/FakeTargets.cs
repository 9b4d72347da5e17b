using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Observability.Server.Tests;

/// <summary>An HTTP server on loopback that answers each path as the test says, and remembers what it was asked.</summary>
internal sealed class FakeTargets : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = new(StringComparer.Ordinal);

    private FakeTargets(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Method, path, query and body of every request, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<FakeTargets> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var targets = new FakeTargets(app);
        app.Run(targets.AnswerAsync);
        await app.StartAsync();
        return targets;
    }

    public void Serve(string path, string body, string type = "text/plain; version=0.0.4", string? encoding = null) =>
        Serve(path, Encoding.UTF8.GetBytes(body), type, encoding);

    public void Serve(string path, byte[] body, string type, string? encoding = null) => _answers[path] = async http =>
    {
        http.Response.ContentType = type;
        if (encoding is not null)
            http.Response.Headers.ContentEncoding = encoding;
        await http.Response.Body.WriteAsync(body);
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.Latin1);
        var body = await reader.ReadToEndAsync();
        Requests.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} {body}".TrimEnd());
        if (_answers.TryGetValue(http.Request.Path, out var answer))
            await answer(http);
        else
            http.Response.StatusCode = 404;
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Observability.Response.Tests;

/// <summary>A scripted HTTP server on loopback; it keeps what it was sent.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedServer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public List<(string Method, string Path, IHeaderDictionary Headers, string Body)> Requests { get; } = [];

    public static async Task<ScriptedServer> StartAsync(Func<string, string, string, string, (int Status, string Body, string RetryAfter)> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new ScriptedServer(app);
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            lock (server.Requests)
                server.Requests.Add((http.Request.Method, http.Request.Path, new HeaderDictionary(http.Request.Headers.ToDictionary()), body));
            var (status, text, retryAfter) = answer(http.Request.Method, http.Request.Path, http.Request.QueryString.Value ?? "", body);
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            if (retryAfter.Length > 0)
                http.Response.Headers.RetryAfter = retryAfter;
            await http.Response.WriteAsync(text);
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

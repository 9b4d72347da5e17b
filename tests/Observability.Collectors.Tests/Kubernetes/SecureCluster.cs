using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Observability.Collectors.Tests;

/// <summary>An API server over TLS on a loopback port that writes down who asked.</summary>
internal sealed class SecureCluster : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private SecureCluster(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    public Uri Url => new(_app.Urls.Single());

    /// <summary>Who asked: the subject of the certificate and the Authorization header.</summary>
    public List<string> Callers { get; } = [];

    /// <summary>A header that is refused with 401.</summary>
    public string Refused { get; set; } = "";

    /// <summary>Where requests are sent on to; empty for nowhere.</summary>
    public string Elsewhere { get; set; } = "";

    public static async Task<SecureCluster> StartAsync((string Certificate, string Key) own)
    {
        var certificate = X509Certificate2.CreateFromPem(own.Certificate, own.Key);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = certificate,
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            ClientCertificateValidation = (_, _, _) => true,
        })));
        var cluster = new SecureCluster(builder.Build(), certificate);
        cluster._app.Run(cluster.AnswerAsync);
        await cluster._app.StartAsync(TestContext.Current.CancellationToken);
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        Callers.Add($"{context.Connection.ClientCertificate?.Subject}|{header}");
        if (Elsewhere.Length > 0)
            context.Response.Redirect(Elsewhere);
        else if (Refused.Length > 0 && header == Refused)
            context.Response.StatusCode = 401;
        else
            return context.Response.WriteAsync("""{"kind":"NodeList","items":[]}""");
        return Task.CompletedTask;
    }
}

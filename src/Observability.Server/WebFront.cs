using Microsoft.AspNetCore.Server.Kestrel.Core;
using Observability.Collectors;
using Observability.Console;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Prometheus;

namespace Observability.Server;

/// <summary>Every front door over one platform: console, REST, Prometheus, Alertmanager, OTLP, Slack, health and metrics.</summary>
internal static class WebFront
{
    /// <summary>Builds the web application; it is not started.</summary>
    public static WebApplication Build(Platform platform, ObservabilityOptions options, ILoggerProvider? logs = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "Observability.Server", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning);
        if (logs is not null)
            builder.Logging.AddProvider(logs);
        // The console's files come from packages and from the Console project; a run that is not published finds them through the manifest.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        AddServices(builder.Services, platform, options);
        var app = builder.Build();
        Map(app, platform, options);
        return app;
    }

    internal static void Listen(KestrelServerOptions kestrel, ObservabilityOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.Server.MaximumBodyBytes;
        if (!ListenAddress.TryParse(options.Server.Listen, out var address))
            throw new InvalidOperationException($"server.listen: '{options.Server.Listen}' is not address:port");
        kestrel.Listen(address.Address, address.Port);
        if (options.Server.OtlpGrpcListen.Length == 0)
            return;
        if (!ListenAddress.TryParse(options.Server.OtlpGrpcListen, out var grpc))
            throw new InvalidOperationException($"server.otlp_grpc_listen: '{options.Server.OtlpGrpcListen}' is not address:port");
        // Without TLS nothing tells the two protocols apart, so that a port speaks one of them.
        kestrel.Listen(grpc.Address, grpc.Port, listen => listen.Protocols = HttpProtocols.Http2);
    }

    private static void AddServices(IServiceCollection services, Platform platform, ObservabilityOptions options)
    {
        services.AddSingleton(platform.Clock);
        services.AddSingleton(platform.Snapshots);
        services.AddSingleton(platform.Inlet);
        services.AddSingleton(platform.Queries);
        services.AddMediator(mediator => mediator.ServiceLifetime = ServiceLifetime.Singleton);
        services.AddSingleton(new ApiKeys(options.Server.ApiKeys));
        services.AddSingleton<CommandDoor>();
        services.AddSingleton<ICommandDoor>(provider => provider.GetRequiredService<CommandDoor>());
        services.AddSingleton(platform.Firings);
        services.AddSingleton<IPlatformFeed>(new ConsoleFeed(platform.Snapshots, platform.Queries, () => platform.Firings.Report(platform.Clock.GetUtcNow())));
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddConsole();
        services.AddOpenApi(openApi => openApi.AddDocumentTransformer<PlainRoutes>());
        // Refusals are worded and counted in one place, RequestFaults.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.SnakeCaseLower));
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals;
        });
        if (options.Telemetry.OtlpEndpoint.Length > 0)
        {
            services.AddOpenTelemetry()
                .WithTracing(traces => traces.AddSource("Observability.*").AddOtlpExporter(otlp => Send(otlp, options.Telemetry, "v1/traces")))
                .WithMetrics(metrics => metrics.AddMeter("Observability.*").AddOtlpExporter(otlp => Send(otlp, options.Telemetry, "v1/metrics")));
        }
    }

    // Over HTTP each signal has a path of its own below the endpoint; over gRPC the service's name tells them apart.
    private static void Send(OtlpExporterOptions otlp, TelemetryOptions options, string path)
    {
        var isHttp = options.OtlpProtocol == "http";
        otlp.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        otlp.Endpoint = isHttp ? new Uri($"{options.OtlpEndpoint.TrimEnd('/')}/{path}") : new Uri(options.OtlpEndpoint);
    }

    private static void Map(WebApplication app, Platform platform, ObservabilityOptions options)
    {
        app.Use((http, next) => RequestFaults.GuardAsync(http, _ => next(http)));
        var keys = app.Services.GetRequiredService<ApiKeys>();
        app.Use((http, next) => keys.GuardAsync(http, _ => next(http)));
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        app.MapOpenApi();
        app.MapMetrics("/metrics", MeterBridge.Registry);
        app.MapGet("/healthz", () => "ok");
        app.MapGet("/readyz", () => platform.IsReady ? Results.Ok("ready") : Results.StatusCode(503));
        app.MapRest();
        app.MapStandings();
        app.MapGet("/api/slos/{id}/gate", (string id) => platform.Slos.Gate(id) is { } gate
            ? Results.Ok(gate)
            : Results.NotFound(new ApiError($"slo {id}: is unknown"))).WithTags("platform");
        app.MapPrometheus(platform);
        app.MapAlertmanager(platform.AlertInbox);
        foreach (var door in platform.OtlpDoors)
        {
            app.MapOtlp(door);
            app.MapOtlpGrpc(door);
        }

        app.MapRemoteWrite(platform.RemoteWriteInbox);
        app.MapChanges(platform.ChangesInbox);
        app.MapKernelLogs(platform.KernelInbox);
        platform.ChangeWebhooks.Map(app);
        app.MapContent(platform);
        app.MapSlack(options.Server.SlackSigningSecret);
    }
}

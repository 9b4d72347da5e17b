using Observability.Collectors;
using Prometheus;

namespace Observability.Server;

/// <summary>The doors of an agent: pushes of its node, health and its own metrics.</summary>
internal static class AgentFront
{
    /// <summary>Builds the web application; it is not started.</summary>
    public static WebApplication Build(Agent agent, ObservabilityOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Observability.Server", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => WebFront.Listen(kestrel, options));
        var app = builder.Build();
        app.Use((http, next) => RequestFaults.GuardAsync(http, _ => next(http)));
        var keys = new ApiKeys(options.Server.ApiKeys);
        app.Use((http, next) => keys.GuardAsync(http, _ => next(http)));
        app.MapMetrics("/metrics", MeterBridge.Registry);
        app.MapGet("/healthz", () => "ok");
        app.MapGet("/readyz", () => $"ready; {agent.Waiting} samples and events wait");
        foreach (var door in agent.OtlpDoors)
        {
            app.MapOtlp(door);
            app.MapOtlpGrpc(door);
        }

        app.MapKernelLogs(agent.KernelInbox);
        app.MapRemoteWrite(agent.RemoteWriteInbox);
        app.MapKernelLogs(agent.KernelInbox);
        return app;
    }
}

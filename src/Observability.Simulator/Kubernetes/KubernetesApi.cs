using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Observability.Simulator;

/// <summary>Serves the Kubernetes API of the simulated cluster, well enough for the official client and for kubectl.</summary>
public static class KubernetesApi
{
    /// <summary>
    /// Maps <c>/api</c>, <c>/apis</c>, <c>/version</c> and <c>/openapi</c>. The cluster returned knows the cordons; call its
    /// <see cref="KubernetesCluster.Advance"/> when the fleet has moved, so that watches see it at once.
    /// </summary>
    public static KubernetesCluster MapKubernetes(
        this IEndpointRouteBuilder endpoints, IClusterWorkloads workloads, TimeProvider time, KubernetesOptions? options = null)
    {
        options ??= new KubernetesOptions();
        var services = endpoints.ServiceProvider;
        var cluster = new KubernetesCluster(workloads, options);
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger("Observability.Simulator.Kubernetes") ?? NullLogger.Instance;
        var stopping = services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        var endpoint = new KubernetesEndpoint(cluster, time, options, logger, stopping);
        foreach (var root in (string[])["/api/{**path}", "/apis/{**path}", "/openapi/{**path}", "/version"])
            endpoints.Map(root, endpoint.HandleAsync);
        return cluster;
    }
}

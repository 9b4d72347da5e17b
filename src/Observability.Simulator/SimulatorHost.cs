using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Observability.Simulator;

/// <summary>A fleet and the cluster it lives in behind one loopback listener. Time passes when <see cref="Advance"/> says so.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _web;

    /// <summary>Builds the listener; it answers after <see cref="StartAsync"/>.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="time">The clock that the Kubernetes API stamps its objects with.</param>
    /// <param name="port">Where to listen on 127.0.0.1; 0 for any free port.</param>
    public SimulatorHost(Fleet fleet, TimeProvider time, int port = 0)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _web = builder.Build();
        Fleet = fleet;
        _web.MapFleet(fleet, () => Url.Authority);
        Cluster = _web.MapKubernetes(fleet, time);
    }

    /// <summary>The fleet.</summary>
    public Fleet Fleet { get; }

    /// <summary>The cluster.</summary>
    public KubernetesCluster Cluster { get; }

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Begins to answer; throws <see cref="IOException"/> where the port is taken.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _web.StartAsync(cancellationToken);

    /// <summary>Moves fleet and cluster to a time.</summary>
    public void Advance(DateTimeOffset now)
    {
        Fleet.Advance(now);
        Cluster.Advance(now);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
    }
}

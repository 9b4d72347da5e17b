using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Observability.Simulator;

namespace Observability.Benchmarks;

/// <summary>A healthy simulated fleet in real time as a process of its own, so that its cost is nobody else's.</summary>
internal static class SimulatedFleet
{
    /// <summary>What the process prints in front of its URL once it serves.</summary>
    public const string Ready = "simulating on ";

    /// <summary>Serves until cancelled.</summary>
    public static async Task<int> ServeAsync(int nodes, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        await using var web = builder.Build();
        var fleet = new Fleet(new FleetOptions { Nodes = nodes }, TimeProvider.System.GetUtcNow());
        web.MapFleet(fleet, () => new Uri(web.Urls.First()).Authority);
        await web.StartAsync(cancellationToken);
        await System.Console.Out.WriteLineAsync(Ready + web.Urls.First());
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                fleet.Advance(TimeProvider.System.GetUtcNow());
        }
        catch (OperationCanceledException)
        {
            // The benchmark is over.
        }

        return 0;
    }
}

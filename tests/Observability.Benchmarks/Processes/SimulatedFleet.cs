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
        await using var host = new SimulatorHost(new Fleet(new FleetOptions { Nodes = nodes }, TimeProvider.System.GetUtcNow()), TimeProvider.System);
        await host.StartAsync(cancellationToken);
        await System.Console.Out.WriteLineAsync(Ready + host.Url.GetLeftPart(UriPartial.Authority));
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                host.Advance(TimeProvider.System.GetUtcNow());
        }
        catch (OperationCanceledException)
        {
            // The benchmark is over.
        }

        return 0;
    }
}

using Observability.Simulator;

namespace Observability.Server;

/// <summary>The simulated side of a demo: fleet, cluster and clock, new or where a killed run left them.</summary>
internal sealed record DemoWorld(SteppedTimeProvider Clock, SimulatorHost Simulator, FleetHistory? History, DateTimeOffset Start, bool IsResumed)
{
    public static async Task<DemoWorld> StartAsync(DemoOptions options, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var history = options.State.Length > 0 ? FleetHistory.Open(options.State) : null;
        try
        {
            return history?.Beginning is { } beginning
                ? await ResumeAsync(options, history, beginning, cancellationToken)
                : await BeginAsync(options, history, start, cancellationToken);
        }
        catch
        {
            history?.Dispose();
            throw;
        }
    }

    private static async Task<DemoWorld> BeginAsync(DemoOptions options, FleetHistory? history, DateTimeOffset start, CancellationToken cancellationToken)
    {
        if (options.Record.Length > 0 && Directory.Exists(options.Record) && Directory.EnumerateFileSystemEntries(options.Record).Any())
            throw new InvalidDataException($"--record: {options.Record} is not empty; a recording needs a folder of its own");
        var clock = new SteppedTimeProvider(start);
        var simulator = new SimulatorHost(FleetOf(options, start), clock);
        await simulator.StartAsync(cancellationToken);
        history?.Begin(new FleetBeginning(options.Nodes, options.Seed, options.Faults, start, simulator.Url.Port) { Telemetry = options.Telemetry });
        history?.Follow(simulator.Fleet, simulator.Cluster);
        return new DemoWorld(clock, simulator, history, start, IsResumed: false);
    }

    private static async Task<DemoWorld> ResumeAsync(DemoOptions options, FleetHistory history, FleetBeginning beginning, CancellationToken cancellationToken)
    {
        if ((beginning.Nodes, beginning.Seed, beginning.Faults, beginning.Telemetry) != (options.Nodes, options.Seed, options.Faults, options.Telemetry))
        {
            throw new InvalidDataException(
                $"--state: {options.State} holds a run with --nodes {beginning.Nodes} --seed {beginning.Seed} --faults {beginning.Faults}, "
                + $"not {options.Nodes}, {options.Seed} and {options.Faults}{Told(beginning.Telemetry, options.Telemetry)}; ask for the same to go on with it, or name another folder");
        }

        if (options.Record.Length > 0)
            throw new InvalidDataException($"--record: {options.State} holds a run that has begun; a recording must begin with its run");
        var clock = new SteppedTimeProvider(history.Clock);
        var simulator = new SimulatorHost(FleetOf(options, beginning.Start), clock, beginning.Port);
        history.Relive(simulator);
        history.Follow(simulator.Fleet, simulator.Cluster);
        await simulator.StartAsync(cancellationToken);
        return new DemoWorld(clock, simulator, history, beginning.Start, IsResumed: true);
    }

    private static string Told(FleetTelemetry before, FleetTelemetry now) => before == now ? "" : $" (--telemetry '{before}', not '{now}')";

    private static Fleet FleetOf(DemoOptions options, DateTimeOffset start) => new(new FleetOptions { Nodes = options.Nodes, Seed = options.Seed, Telemetry = options.Telemetry }, start);
}

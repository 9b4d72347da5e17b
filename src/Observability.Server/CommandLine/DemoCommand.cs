using System.CommandLine;
using System.Globalization;
using Strategy = Observability.Model.Strategy;

namespace Observability.Server;

/// <summary><c>observability demo</c>: the platform on a simulated fleet.</summary>
internal static class DemoCommand
{
    private static readonly DateTimeOffset HeadlessStart = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private const int MostFaults = 1_000;

    private static readonly Option<int> Nodes = new("--nodes") { Description = "nodes of the fleet, 4 to 2048", DefaultValueFactory = _ => 64 };
    private static readonly Option<int> Seed = new("--seed") { Description = "seed of fleet, script and noise, 0 or above", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Faults = new("--faults") { Description = "faults of the script, 0 to 1000", DefaultValueFactory = _ => 12 };
    private static readonly Option<string> Speed = new("--speed") { Description = "virtual seconds per real second, or max", DefaultValueFactory = _ => "1" };
    private static readonly Option<bool> Headless = new("--headless") { Description = "end with the script" };
    private static readonly Option<string> Report = new("--report") { Description = "file to write the report to", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Listen = new("--listen") { Description = "where the console listens", DefaultValueFactory = _ => "127.0.0.1:7070" };
    private static readonly Option<string> State = new("--state") { Description = "folder of journal and series; a run that was cut off goes on in it; memory only without it", DefaultValueFactory = _ => "" };

    private static readonly Option<string> Record = new("--record") { Description = "empty folder to write the fleet's telemetry to, for replay", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Telemetry = new("--telemetry") { Description = $"what the fleet tells beside the usual: {FleetArguments.Telemetries}", DefaultValueFactory = _ => "" };
    private static readonly Option<Strategy> Hardware = new("--hardware") { Description = "what to do about hardware verdicts it is sure of: act, ask, suggest or observe", DefaultValueFactory = _ => Strategy.Act };

    public static Command Build()
    {
        var command = new Command("demo", "run the platform on a simulated fleet and open the console")
        {
            Nodes, Seed, Faults, Speed, Headless, Report, Listen, State, Record, Telemetry, Hardware,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var faults = Refusals(parsed, out var factor);
        if (faults.Count > 0)
            return await RefuseAsync(string.Join('\n', faults));
        var options = new DemoOptions
        {
            Nodes = parsed.GetValue(Nodes),
            Seed = parsed.GetValue(Seed),
            Faults = parsed.GetValue(Faults),
            Speed = factor,
            Headless = parsed.GetValue(Headless),
            Report = parsed.GetValue(Report)!,
            Listen = parsed.GetValue(Headless) ? "127.0.0.1:0" : parsed.GetValue(Listen)!,
            State = parsed.GetValue(State)!,
            Record = parsed.GetValue(Record)!,
            Telemetry = FleetArguments.Telemetry(parsed.GetValue(Telemetry)!, out _)!.Value,
            Hardware = parsed.GetValue(Hardware),
        };
        var start = options.Headless ? HeadlessStart : Whole(TimeProvider.System.GetUtcNow());
        try
        {
            return await PlayAsync(options, start, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            System.Console.WriteLine(options.State.Length > 0 ? $"stopped; the same command goes on from here, its state is in {options.State}" : "stopped");
            return 0;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return await RefuseAsync(fault.Message);
        }
    }

    private static List<string> Refusals(ParseResult parsed, out double factor)
    {
        var refusals = new List<string>();
        var speed = parsed.GetValue(Speed)!;
        factor = 0;
        if (speed != "max" && (!double.TryParse(speed, NumberStyles.Float, CultureInfo.InvariantCulture, out factor) || factor is not (> 0 and <= 1_000)))
            refusals.Add($"--speed: '{speed}' is neither a number above 0 and up to 1000 nor max");
        if (parsed.GetValue(Nodes) is var nodes and (< Simulator.FleetOptions.MinimumNodes or > Simulator.FleetOptions.MaximumNodes))
            refusals.Add($"--nodes: {nodes} is outside {Simulator.FleetOptions.MinimumNodes} to {Simulator.FleetOptions.MaximumNodes}");
        if (parsed.GetValue(Seed) is var seed and < 0)
            refusals.Add($"--seed: {seed} is below 0");
        if (parsed.GetValue(Faults) is var count and (< 0 or > MostFaults))
            refusals.Add($"--faults: {count} is outside 0 to {MostFaults}");
        if (FleetArguments.Telemetry(parsed.GetValue(Telemetry)!, out var odd) is null)
            refusals.Add($"--telemetry: '{odd}' is none of {FleetArguments.Telemetries}");
        if (!parsed.GetValue(Headless) && !ListenAddress.TryParse(parsed.GetValue(Listen)!, out _))
            refusals.Add($"--listen: '{parsed.GetValue(Listen)}' is not address:port");
        return refusals;
    }

    private static async Task<int> RefuseAsync(string message)
    {
        await System.Console.Error.WriteLineAsync(message);
        return 2;
    }

    private static async Task<int> PlayAsync(DemoOptions options, DateTimeOffset start, CancellationToken cancellationToken)
    {
        await using var run = await DemoRun.StartAsync(options, start, System.Console.WriteLine, cancellationToken);
        if (!run.IsResumed)
            Simulator.FaultScript.Schedule(run.Fleet, options.Faults);
        System.Console.WriteLine($"{options.Nodes} nodes, {options.Nodes * 8} GPUs, 3 jobs, seed {options.Seed}; console on {run.ConsoleUrl}, simulator on {run.SimulatorUrl}");
        if (run.IsResumed)
            System.Console.WriteLine($"resumed at {run.Now:HH:mm:ss}, {(run.Now - run.StartedAt).TotalSeconds:0} s after its start: {run.Fleet.Truth.Count} faults so far, {run.Platform.Snapshots.Current.Incidents.Count} incidents, {run.Cluster.Cordons.Count} cordons and releases");
        await run.RunUntilAsync(run.StartedAt + Simulator.FaultScript.Length(options.Faults), cancellationToken);
        var report = run.Report(run.StartedAt);
        Print(report);
        if (options.Report.Length > 0)
            await DemoRun.WriteAsync(report, options.Report, cancellationToken);
        if (!options.Headless)
        {
            System.Console.WriteLine("the script is over; the console stays live until Ctrl+C");
            await run.RunUntilAsync(DateTimeOffset.MaxValue, cancellationToken);
        }

        return report.Totals is { MissedFaults: 0, FalseCordons: 0 } ? 0 : 1;
    }

    private static void Print(DemoReport report)
    {
        System.Console.WriteLine();
        foreach (var line in report.Faults)
            System.Console.WriteLine($"{(line.Found ? "found " : "MISSED")}  {line.Kind,-20} {line.Entity,-60} {line.Verdict?.Class} {line.Verdict?.Confidence:P0} {line.Action?.Kind} {line.Action?.State} {line.Why}");
        foreach (var line in report.Unexplained)
            System.Console.WriteLine($"beside  {line}");
        var totals = report.Totals;
        System.Console.WriteLine($"{totals.Found} of {totals.Faults} faults found, root first for {totals.RootFirst}; {totals.AlertsIn} alerts, {totals.IncidentsOut} incidents, {totals.Compression:P1} folded with {totals.LostCauses} causes lost; precision {totals.Precision:P1}, recall {totals.Recall:P1}, false cordons {totals.FalseCordons}");
        System.Console.WriteLine($"first alert to verdict p50 {totals.SymptomToVerdictSeconds.P50} s, p99 {totals.SymptomToVerdictSeconds.P99} s; to decision p50 {totals.SymptomToDecisionSeconds.P50} s, p99 {totals.SymptomToDecisionSeconds.P99} s");
        System.Console.WriteLine($"{report.VirtualSeconds:0} virtual seconds in {report.Process.WallSeconds:0} s, {report.Process.CpuSeconds:0} CPU s, {report.Process.PeakMemoryBytes / 1e6:0} MB, {report.Process.Samples} samples; {string.Join(", ", report.Process.PlatformSeconds.Select(part => $"{part.Key} {part.Value:0.0} s"))}");
    }

    private static DateTimeOffset Whole(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

using System.CommandLine;
using System.Globalization;
using Strategy = Observability.Model.Strategy;

namespace Observability.Server;

/// <summary><c>observability demo</c>: the platform on a simulated fleet.</summary>
internal static class DemoCommand
{
    private static readonly DateTimeOffset HeadlessStart = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Option<int> Nodes = new("--nodes") { Description = "nodes of the fleet, 4 to 2048", DefaultValueFactory = _ => 64 };
    private static readonly Option<int> Seed = new("--seed") { Description = "seed of fleet, script and noise", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Faults = new("--faults") { Description = "faults of the script", DefaultValueFactory = _ => 12 };
    private static readonly Option<string> Speed = new("--speed") { Description = "virtual seconds per real second, or max", DefaultValueFactory = _ => "1" };
    private static readonly Option<bool> Headless = new("--headless") { Description = "end with the script" };
    private static readonly Option<string> Report = new("--report") { Description = "file to write the report to", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Listen = new("--listen") { Description = "where the console listens", DefaultValueFactory = _ => "127.0.0.1:7070" };
    private static readonly Option<string> State = new("--state") { Description = "folder of journal and series; memory only without it", DefaultValueFactory = _ => "" };

    private static readonly Option<Strategy> Hardware = new("--hardware") { Description = "what to do about hardware verdicts it is sure of: act, ask, suggest or observe", DefaultValueFactory = _ => Strategy.Act };

    public static Command Build()
    {
        var command = new Command("demo", "run the platform on a simulated fleet and open the console")
        {
            Nodes, Seed, Faults, Speed, Headless, Report, Listen, State, Hardware,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var speed = parsed.GetValue(Speed)!;
        double factor = 0;
        if (speed != "max" && (!double.TryParse(speed, NumberStyles.Float, CultureInfo.InvariantCulture, out factor) || factor <= 0))
        {
            await System.Console.Error.WriteLineAsync($"--speed: '{speed}' is not a positive number or max");
            return 2;
        }

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
            Hardware = parsed.GetValue(Hardware),
        };
        var start = options.Headless ? HeadlessStart : Whole(TimeProvider.System.GetUtcNow());
        try
        {
            return await PlayAsync(options, start, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            System.Console.WriteLine("stopped");
            return 0;
        }
    }

    private static async Task<int> PlayAsync(DemoOptions options, DateTimeOffset start, CancellationToken cancellationToken)
    {
        await using var run = await DemoRun.StartAsync(options, start, System.Console.WriteLine, cancellationToken);
        Simulator.FaultScript.Schedule(run.Fleet, options.Faults);
        System.Console.WriteLine($"{options.Nodes} nodes, {options.Nodes * 8} GPUs, 3 jobs, seed {options.Seed}; console on {run.ConsoleUrl}, simulator on {run.SimulatorUrl}");
        await run.RunUntilAsync(start + Simulator.FaultScript.Length(options.Faults), cancellationToken);
        var report = run.Report(start);
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
        System.Console.WriteLine($"{totals.Found} of {totals.Faults} faults found, root first for {totals.RootFirst}; {totals.AlertsIn} alerts, {totals.IncidentsOut} incidents, {totals.Compression:P1} folded; precision {totals.Precision:P1}, recall {totals.Recall:P1}, false cordons {totals.FalseCordons}");
        System.Console.WriteLine($"first alert to verdict p50 {totals.SymptomToVerdictSeconds.P50} s, p99 {totals.SymptomToVerdictSeconds.P99} s; to decision p50 {totals.SymptomToDecisionSeconds.P50} s, p99 {totals.SymptomToDecisionSeconds.P99} s");
        System.Console.WriteLine($"{report.VirtualSeconds:0} virtual seconds in {report.Process.WallSeconds:0} s, {report.Process.CpuSeconds:0} CPU s, {report.Process.PeakMemoryBytes / 1e6:0} MB, {report.Process.Samples} samples; {string.Join(", ", report.Process.PlatformSeconds.Select(part => $"{part.Key} {part.Value:0.0} s"))}");
    }

    private static DateTimeOffset Whole(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

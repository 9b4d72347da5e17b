using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Observability.Simulator;

namespace Observability.Server;

/// <summary><c>observability simulate</c>: a fleet's telemetry with its truth as a folder, as <c>replay</c> reads it.</summary>
internal static class SimulateCommand
{
    private const int CompactFrom = 128;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Option<int> Nodes = new("--nodes") { Description = "nodes of the fleet, 4 to 2048", DefaultValueFactory = _ => 64 };
    private static readonly Option<int> Seed = new("--seed") { Description = "seed of fleet, faults and noise, 0 or above", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> Hours = new("--hours") { Description = "hours of the fleet's time, above 0 and up to 168", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Out = new("--out") { Description = "empty folder to write to", Required = true };
    private static readonly Option<string> Preset = new("--fleet-preset") { Description = $"published fleet to be like: {string.Join(", ", FleetPreset.All.Select(preset => preset.Name))}", DefaultValueFactory = _ => "llama3" };
    private static readonly Option<double> Factor = new("--factor") { Description = "how many times as many faults as published; 0 for none but those injected", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Faults = new("--faults") { Description = "faults of the demo's script in place of the preset's; the run is as long as the script", DefaultValueFactory = _ => 0 };
    private static readonly Option<string> Telemetry = new("--telemetry") { Description = $"what the fleet tells beside the usual: {FleetArguments.Telemetries}", DefaultValueFactory = _ => "" };
    private static readonly Option<string[]> Inject = new("--inject") { Description = "KIND=ENTITY@SECOND+SECONDS, a fault beside the others; may stand several times" };
    private static readonly Option<string> Form = new("--form") { Description = $"full, compact, or auto: compact from {CompactFrom} nodes on", DefaultValueFactory = _ => "auto" };

    public static Command Build()
    {
        var command = new Command("simulate", "write a simulated fleet's telemetry and truth to a folder") { Nodes, Seed, Hours, Out, Preset, Factor, Faults, Telemetry, Inject, Form };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var refusals = Refusals(parsed);
        if (refusals.Count > 0)
        {
            System.Console.Error.WriteLine(string.Join('\n', refusals));
            return 2;
        }

        try
        {
            Play(parsed);
            return 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // What a parameter of ours is called helps nobody.
            System.Console.Error.WriteLine(fault.Message.Split(" (Parameter '")[0]);
            return 2;
        }
    }

    private static void Play(ParseResult parsed)
    {
        var began = Stopwatch.GetTimestamp();
        var folder = parsed.GetValue(Out)!;
        var fleet = new Fleet(new FleetOptions { Nodes = parsed.GetValue(Nodes), Seed = parsed.GetValue(Seed), Telemetry = FleetArguments.Telemetry(parsed.GetValue(Telemetry)!, out _)!.Value }, Start);
        var script = parsed.GetValue(Faults);
        var length = script > 0 ? FaultScript.Length(script) : TimeSpan.FromHours(parsed.GetValue(Hours));
        var faults = script > 0
            ? FaultScript.Schedule(fleet, script)
            : parsed.GetValue(Factor) == 0 ? [] : FaultArrivals.Schedule(fleet, length, FleetPreset.Find(parsed.GetValue(Preset)!)!, parsed.GetValue(Factor));
        foreach (var (n, text) in (parsed.GetValue(Inject) ?? []).Index())
            fleet.Inject(FleetArguments.Fault(text, n + 1, fleet, out var why) ?? throw new ArgumentException(why, nameof(parsed)));
        var injected = parsed.GetValue(Inject)?.Length ?? 0;
        var form = parsed.GetValue(Form) switch
        {
            "full" => RecordingForm.Full,
            "compact" => RecordingForm.Compact,
            _ => fleet.Options.Nodes >= CompactFrom ? RecordingForm.Compact : RecordingForm.Full,
        };
        var recorder = new FleetRecorder(fleet, folder, form);
        for (var now = Start; now <= Start + length; now += TimeSpan.FromSeconds(1))
        {
            fleet.Advance(now);
            recorder.RecordDue();
        }

        recorder.Complete();
        var files = new DirectoryInfo(folder).GetFiles("*", SearchOption.AllDirectories);
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{folder}: {fleet.Options.Nodes} nodes, {fleet.Options.Nodes * FleetOptions.GpusPerNode} GPUs, {length.TotalHours:0.##} h, {form}: {files.Length} files, {files.Sum(file => file.Length) / 1e6:0.0} MB; {fleet.Truth.Count} faults and {fleet.Negatives.Count} that only look like one, of {faults.Count + injected} scheduled; {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s"));
    }

    private static List<string> Refusals(ParseResult parsed)
    {
        var refusals = new List<string>();
        if (parsed.GetValue(Nodes) is var nodes and (< FleetOptions.MinimumNodes or > FleetOptions.MaximumNodes))
            refusals.Add($"--nodes: {nodes} is outside {FleetOptions.MinimumNodes} to {FleetOptions.MaximumNodes}");
        if (parsed.GetValue(Seed) is var seed and < 0)
            refusals.Add($"--seed: {seed} is below 0");
        if (parsed.GetValue(Hours) is var hours && hours is not (> 0 and <= 168))
            refusals.Add($"--hours: {hours.ToString(CultureInfo.InvariantCulture)} is outside 0 to 168");
        if (FleetPreset.Find(parsed.GetValue(Preset)!) is null)
            refusals.Add($"--fleet-preset: '{parsed.GetValue(Preset)}' is not known; one of {string.Join(", ", FleetPreset.All.Select(preset => preset.Name))} is");
        if (parsed.GetValue(Factor) is var factor && factor is not (>= 0 and <= 100_000))
            refusals.Add($"--factor: {factor.ToString(CultureInfo.InvariantCulture)} is outside 0 to 100000");
        if (parsed.GetValue(Faults) is var count and (< 0 or > 1_000))
            refusals.Add($"--faults: {count} is outside 0 to 1000");
        if (FleetArguments.Telemetry(parsed.GetValue(Telemetry)!, out var odd) is null)
            refusals.Add($"--telemetry: '{odd}' is none of {FleetArguments.Telemetries}");
        if (parsed.GetValue(Form) is not ("auto" or "full" or "compact"))
            refusals.Add($"--form: '{parsed.GetValue(Form)}' is neither auto, full nor compact");
        if (parsed.GetValue(Out) is { } folder && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            refusals.Add($"--out: {folder} is not empty; a recording needs a folder of its own");
        return refusals;
    }
}

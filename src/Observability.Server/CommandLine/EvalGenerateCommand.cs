using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Observability.Server;

/// <summary><c>observability eval generate</c>: a labelled set of incidents, from simulated fleets through the platform's own rules.</summary>
internal static class EvalGenerateCommand
{
    private static readonly Option<int> Faults = new("--faults") { Description = "faults of all parts together, 20 to 1000000", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> Seed = new("--seed") { Description = "seed of the set, 0 or above", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Out = new("--out") { Description = "empty folder to write to", Required = true };
    private static readonly Option<string> Content = new("--content") { Description = "folder with rules and runbooks", DefaultValueFactory = _ => "." };
    private static readonly Option<string[]> Part = new("--part") { Description = "only this part: train, validation or test; may be given several times", DefaultValueFactory = _ => [] };
    private static readonly Option<int> Parallel = new("--parallel") { Description = "fleets side by side, 1 to 64; the set does not depend on it", DefaultValueFactory = _ => Math.Clamp(Environment.ProcessorCount, 1, 64) };

    public static Command Build()
    {
        Part.AcceptOnlyFromAmong([.. EvalSplit.All.Select(split => split.Name)]);
        var command = new Command("generate", "write a labelled set of incidents: train, validation and test") { Faults, Seed, Out, Content, Part, Parallel };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var folder = parsed.GetValue(Out)!;
        var (faults, seed, parallel) = (parsed.GetValue(Faults), parsed.GetValue(Seed), parsed.GetValue(Parallel));
        var refusals = new List<string>();
        if (faults is < 20 or > 1_000_000)
            refusals.Add($"--faults: {faults} is outside 20 to 1000000");
        if (seed < 0)
            refusals.Add($"--seed: {seed} is below 0");
        if (parallel is < 1 or > 64)
            refusals.Add($"--parallel: {parallel} is outside 1 to 64");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            refusals.Add($"--out: {folder} is not empty; a set needs a folder of its own");
        var root = parsed.GetValue(Content)!;
        var (content, findings) = ContentCheck.Read(Path.Combine(root, "rules"), Path.Combine(root, "runbooks"));
        refusals.AddRange(findings.Select(finding => finding.ToString()));
        if (refusals.Count > 0)
        {
            await System.Console.Error.WriteLineAsync(string.Join('\n', refusals));
            return 2;
        }

        var began = Stopwatch.GetTimestamp();
        var parts = parsed.GetValue(Part)!;
        var writer = new EvalSetWriter(folder, content, parallel, System.Console.WriteLine)
        {
            Splits = [.. EvalSplit.All.Where(split => parts.Length == 0 || parts.Contains(split.Name))],
        };
        await writer.WriteAsync(faults, seed, cancellationToken);
        using var process = Process.GetCurrentProcess();
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{folder}: {faults} faults in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s, {process.TotalProcessorTime.TotalSeconds:0} CPU s, {process.PeakWorkingSet64 / 1e6:0} MB"));
        return 0;
    }
}

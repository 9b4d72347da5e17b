using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Server;

/// <summary>
/// What was injected into a job, as its injector logged it:
/// <code>
/// Fault ranks: [12, 14]
/// Rank 12, fault_type: GPU_ERROR
/// </code>
/// </summary>
/// <param name="Ranks">The injected ranks.</param>
/// <param name="Fault">The kinds of fault, in lower case.</param>
/// <param name="Dumps">How many ranks left a dump.</param>
internal sealed partial record FlightRecorderLabel(IReadOnlySet<int> Ranks, string Fault, int Dumps)
{
    private const string File = "fault_injection.log";

    /// <summary>Reads the label in a folder; null where there is none.</summary>
    public static FlightRecorderLabel? In(string folder)
    {
        var path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path) || RanksLine().Match(System.IO.File.ReadAllText(path)) is not { Success: true } ranks)
            return null;
        var faults = FaultLine().Matches(System.IO.File.ReadAllText(path)).Select(match => match.Groups[1].Value.ToLowerInvariant()).Distinct();
        return new FlightRecorderLabel(
            ranks.Groups[1].Captures.Select(number => int.Parse(number.ValueSpan, CultureInfo.InvariantCulture)).ToHashSet(),
            string.Join(' ', faults),
            Directory.EnumerateFiles(folder).Count(file => Path.GetFileName(file) != File));
    }

    [GeneratedRegex(@"Fault ranks:\s*\[(?:\s*(\d{1,7})\s*,?)*\]")]
    private static partial Regex RanksLine();

    [GeneratedRegex(@"fault_type:\s*(\w+)")]
    private static partial Regex FaultLine();
}

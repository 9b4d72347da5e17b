using System.Collections.Frozen;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// Ascend's table of fault codes: handling levels, each with its codes in hexadecimal.
/// <code>
/// {"NotHandleFaultCodes":["80E21007",…],"RestartNPUCodes":[…],"SeparateNPUCodes":[…]}
/// </code>
/// </summary>
internal sealed class AscendFaultTable
{
    private const string Suffix = "Codes";

    // From nothing to do to taking the chip away.
    private static readonly string[] BySeverity =
        ["NotHandle", "SubHealth", "RestartRequest", "RestartBusiness", "FreeRestartNPU", "RestartNPU", "Reset", "PreSeparateNPU", "SeparateNPU", "Separate"];

    private readonly FrozenDictionary<string, string> _levels;

    private AscendFaultTable(Dictionary<string, string> levels) => _levels = levels.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many codes it has.</summary>
    public int Count => _levels.Count;

    /// <summary>How many codes each level has.</summary>
    public IReadOnlyDictionary<string, int> Levels =>
        _levels.GroupBy(pair => pair.Value, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    /// <summary>The level of a code as <c>npu_chip_info_error_code</c> gives it, a decimal number; empty where the table has no row.</summary>
    public string LevelOf(long code) => _levels.GetValueOrDefault(code.ToString("X8", System.Globalization.CultureInfo.InvariantCulture), "");

    /// <summary>The table, and what of it was not taken. A code in two levels has the more severe one.</summary>
    public static (AscendFaultTable Table, List<string> Refused) Read(ReadOnlyMemory<byte> json)
    {
        var levels = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var refused = new List<string>();
        try
        {
            using var document = JsonText.Parse(json);
            foreach (var level in document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.EnumerateObject() : default)
                ReadLevel(level, levels, refused);
        }
        catch (JsonException fault)
        {
            refused.Add($"line {fault.LineNumber + 1}: not JSON: {fault.Message}");
        }

        return (new AscendFaultTable(levels), refused);
    }

    private static void ReadLevel(JsonProperty level, Dictionary<string, string> levels, List<string> refused)
    {
        if (!level.Name.EndsWith(Suffix, StringComparison.Ordinal) || level.Value.ValueKind != JsonValueKind.Array)
        {
            refused.Add($"{level.Name} is not a list of codes named …Codes");
            return;
        }

        var name = level.Name[..^Suffix.Length].Replace("Fault", "", StringComparison.Ordinal);
        foreach (var code in level.Value.EnumerateArray())
        {
            if (code.ValueKind != JsonValueKind.String || code.GetString() is not { Length: > 0 } text)
                refused.Add($"{level.Name} holds {code.ValueKind}, not a code");
            else if (!levels.TryAdd(text, name) && levels[text] != name)
            {
                refused.Add($"{text} is in {levels[text]} and in {name}; the more severe counts");
                levels[text] = Array.IndexOf(BySeverity, name) > Array.IndexOf(BySeverity, levels[text]) ? name : levels[text];
            }
        }
    }
}

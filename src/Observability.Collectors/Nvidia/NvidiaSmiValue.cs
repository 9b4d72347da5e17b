using System.Collections.Frozen;
using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// A value as nvidia-smi prints it:
/// <code>
/// 27 C   67.03 W   1275 MHz   16x   38 %   4251825415 us   96 bank(s)   -7 C   0x00000000000001FF   P0
/// Active / Not Active   Yes / No   Enabled / Disabled
/// N/A   [N/A]   [Not Supported]   [Unknown Error]   [GPU requires reset]   Requested functionality has been deprecated   ERR!
/// </code>
/// The last line means unknown, never zero.
/// </summary>
internal static class NvidiaSmiValue
{
    private static readonly FrozenDictionary<string, double> Words = new Dictionary<string, double>
    {
        ["Active"] = 1,
        ["Not Active"] = 0,
        ["Yes"] = 1,
        ["No"] = 0,
        ["Enabled"] = 1,
        ["Disabled"] = 0,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // To the unit that DCGM uses for the same thing: MiB, W, MHz, µs, KB/s.
    private static readonly FrozenDictionary<string, double> Units = new Dictionary<string, double>
    {
        ["KiB"] = 1.0 / 1_024,
        ["MiB"] = 1,
        ["GiB"] = 1_024,
        ["mW"] = 0.001,
        ["W"] = 1,
        ["kHz"] = 0.001,
        ["MHz"] = 1,
        ["GHz"] = 1_000,
        ["us"] = 1,
        ["ms"] = 1_000,
        ["KB/s"] = 1,
        ["MB/s"] = 1_000,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>True where the text says something: neither empty nor one of the words for "not known".</summary>
    public static bool IsStated(string text)
    {
        var bare = Bare(text);
        return bare.Length > 0 && bare is not ("N/A" or "Not Supported" or "Not Available" or "Unknown Error" or "ERR!" or "Insufficient Permissions" or "None")
            && !bare.Contains("deprecated", StringComparison.Ordinal) && !NeedsReset(text) && !IsLost(text);
    }

    /// <summary>True where the driver answers only that the GPU waits for a reset.</summary>
    public static bool NeedsReset(string text) => text.Contains("requires reset", StringComparison.OrdinalIgnoreCase);

    /// <summary>True where the driver answers only that the GPU is gone.</summary>
    public static bool IsLost(string text) => text.Contains("GPU is lost", StringComparison.OrdinalIgnoreCase);

    /// <summary>The value as a number in DCGM's unit; null where it is unknown or no number.</summary>
    public static double? Number(string text)
    {
        var bare = Bare(text);
        if (Words.TryGetValue(bare, out var word))
            return word;
        if (bare.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(bare.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits) ? bits : null;
        }

        var end = 0;
        while (end < bare.Length && (char.IsAsciiDigit(bare[end]) || bare[end] == '.' || (end == 0 && bare[end] == '-')))
            end++;
        if (!double.TryParse(bare.AsSpan(0, end), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        var unit = bare[end..].Trim();
        return number * Units.GetValueOrDefault(unit, 1);
    }

    // The command puts some words into brackets, the XML does not.
    private static string Bare(string text) => text.Trim().TrimStart('[').TrimEnd(']').Trim();
}

using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// What the seven registers of XID 74 (NVLink 3 and 4) say, most telling first. Bits that are not listed are to be reported.
/// <code>
/// NVLink: fatal error detected on link 14(0x0, 0x0, 0x10000, 0x0, 0x0, 0x0, 0x0)      word 3, bit 16
/// </code>
/// Source: NVIDIA's XID documentation, register rules of code 74.
/// </summary>
internal static class NvLink4Decode
{
    // Word counted from 1, bits, meaning; in the order in which a meaning wins.
    private static readonly (int Word, uint Bits, string Meaning)[] Rules =
    [
        (1, Bits(8, 9, 12, 16, 17, 24, 28), "hardware"),
        (3, Bits(13, 17, 18), "report"),
        (1, Bits(4, 5), "ecc"),
        (3, Bits(0, 1, 2, 6), "ecc"),
        (5, Bits(18, 19, 21, 22, 24, 25, 27, 28), "ecc"),
        (1, Bits(21, 22), "signal_integrity"),
        (1, Bits(27, 29), "report_if_repeated"),
        (3, Bits(16, 19), "report_if_repeated"),
        (1, Bits(1, 20), "follows_another_error"),
        (4, Bits(16, 17, 18), "follows_another_error"),
        (5, Bits(20, 23, 26, 29), "ecc_corrected"),
        (1, Bits(0, 23, 30), "ignore"),
    ];

    /// <summary>The meaning of <c>0x0, 0x0, …</c>; empty where fewer than seven words can be read.</summary>
    public static string Meaning(string registers)
    {
        var words = registers.Split(',', StringSplitOptions.TrimEntries);
        if (words.Length != 7)
            return "";
        var values = new uint[7];
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Length < 3 || !uint.TryParse(words[i].AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out values[i]))
                return "";
        }

        foreach (var (word, bits, meaning) in Rules)
        {
            if ((values[word - 1] & bits) != 0)
                return meaning;
        }

        return values.Any(value => value != 0) ? "report" : "";
    }

    private static uint Bits(params ReadOnlySpan<int> bits)
    {
        var mask = 0u;
        foreach (var bit in bits)
            mask |= 1u << bit;
        return mask;
    }
}

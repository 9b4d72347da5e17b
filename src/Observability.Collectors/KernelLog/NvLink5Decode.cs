using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// Decodes XIDs 144 to 150 of NVLink 5 by the first two words of the line, <c>intrInfo</c> and <c>errorStatus</c>. Drivers before
/// R575 lay out <c>intrInfo</c> otherwise; no pattern of one layout fits the other, so both are tried and the driver's version is not
/// needed. Source: NVIDIA's decode sheet of 2025-09-30.
/// </summary>
internal static class NvLink5Decode
{
    /// <summary>Nothing to do.</summary>
    public const string Ignore = "ignore";

    /// <summary>Reset the GPU.</summary>
    public const string Reset = "reset-gpu";

    /// <summary>Do what an accompanying XID 154 says; without one restart the application.</summary>
    public const string Evaluate = "xid-154";

    private const uint Fatal = 0x80000000;
    private const int LinkDownV1 = 14;
    private const int LinkDownV2 = 17;
    private const int AnyStatus = -1;

    private sealed record Row(int Xid, string Unit, int UnitV1, int CodeV1, int CodeV2, uint[] Ignored, uint[] Resets, uint[] Evaluated, bool AreValues = false);

    private static readonly Row[] Rows =
    [
        new(144, "SAW_MVB", 1, 1, 1, [0x1, 0x4, 0x8, 0x20], [0x2, 0x10], []),
        new(145, "RLW_CTRL", 2, 3, 3, [Fatal], [], []),
        new(145, "RLW_REMAP", 2, 4, 4, [0x100, 0x200, Fatal], [0x40, 0x80], [0x1, 0x2, 0x4, 0x8, 0x10, 0x20]),
        new(145, "RLW_RSPCOL", 2, 5, 5, [0x1, Fatal], [0x2], []),
        new(145, "RLW_RXPIPE", 2, 6, 6, [0x1, 0x2, 0x4, 0x8, Fatal], [], []),
        new(145, "RLW_SRC_TRACK", 2, 7, 7, [0x2, Fatal], [0x1, 0x10, 0x20], [0x4, 0x8]),
        new(145, "RLW_TAGSTATE", 2, 8, 8, [0x1, 0x10000, Fatal], [0x2, 0x20000, 0x100000], []),
        new(146, "TLW_CTRL", 3, 9, 9, [0x1, 0x2, Fatal], [0x4], []),
        new(146, "TLW_RX", 3, 10, 10, [0x1, 0x2, Fatal], [0x4], []),
        new(146, "TLW_RX", AnyStatus, 0, 11, [0x1, 0x2, Fatal], [0x4], []),
        new(146, "TLW_TX", 3, 11, 12, [0x1, 0x2, Fatal], [0x4], []),
        new(146, "TLW_TX", AnyStatus, 0, 13, [0x1, 0x2, Fatal], [0x4], []),
        new(147, "TREX", 4, 12, 14, [0x1, Fatal], [], []),
        new(148, "NVLPW", 5, 0, 15, [Fatal], [], []),
        new(149, "NETIR_INT", 6, 0, 24, [], [uint.MaxValue], []),
        new(149, "NETIR_BER_EVENT", 6, 17, 19, [0x0, 0x1, 0x2, 0x3], [], [], AreValues: true),
        new(149, "NETIR_MFDE_EVENT", 6, 18, 20, [0x3], [0x1, 0x4, 0x5, 0x7], [], AreValues: true),
        new(150, "MSE", 0, 0, 0, [], [0x0, uint.MaxValue], [], AreValues: true),
    ];

    /// <summary>What NVIDIA's sheet says about a line; empty strings where it has no row.</summary>
    /// <param name="xid">144 to 150.</param>
    /// <param name="words">The words in brackets, <c>0x… 0x…</c>, at least two.</param>
    public static (string Unit, string Resolution, string LinkDownReason) Of(int xid, string words)
    {
        var parts = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !TryWord(parts[0], out var info) || !TryWord(parts[1], out var status))
            return ("", "", "");
        if (xid == 149 && ((info & 0x1f) == 6 && ((info >> 5) & 0x1f) == LinkDownV1 || (info & 0x7f) == LinkDownV2))
        {
            var reason = (info >> 20) & 0x3f;
            return ("NETIR_LINK_DOWN", LinkDown(reason), reason.ToString(CultureInfo.InvariantCulture));
        }

        // Everywhere else these bits must be zero, or the words are not what they seem.
        if (((info >> 20) & 0x3f) != 0)
            return ("", "", "");
        var row = Rows.FirstOrDefault(row => row.Xid == xid
            && ((row.UnitV1 >= 0 && (info & 0x1f) == row.UnitV1 && ((info >> 5) & 0x1f) == row.CodeV1) || (info & 0x7f) == row.CodeV2));
        if (row is null)
            return ("", "", "");
        if (row.Unit == "RLW_RXPIPE" && (status & 0x7) != 0 && (((info & 0x1f) == 2 && (info & 0x400) != 0) || (info & 0x80) != 0 && (info & 0x7f) == 6))
            return (row.Unit, Reset, "");
        return (row.Unit, Resolution(row, status), "");
    }

    // The sheet does not say what several bits mean: the most severe counts.
    private static string Resolution(Row row, uint status)
    {
        if (row.Resets is [uint.MaxValue])
            return Reset;
        bool Has(uint[] bits) => row.AreValues ? bits.Contains(status) : bits.Any(bit => (status & bit) != 0);
        return Has(row.Resets) ? Reset : Has(row.Evaluated) ? Evaluate : Has(row.Ignored) ? Ignore : "";
    }

    private static string LinkDown(uint reason) => reason switch
    {
        0 or 1 or 2 or 4 or 10 or 15 or 16 or 17 or 18 or 21 or 22 or (>= 32 and <= 37) or 42 or 43 => Reset,
        38 or 40 => Ignore,
        _ => "",
    };

    private static bool TryWord(string text, out uint word)
    {
        word = 0;
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out word);
    }
}

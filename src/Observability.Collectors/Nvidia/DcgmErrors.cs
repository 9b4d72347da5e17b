using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// Error codes of DCGM (<c>DCGM_FR_…</c>). Numbers are those of dcgmError_t, to which new ones are only ever appended; since an older
/// and a newer DCGM agree on them, only names are kept where both know them. What an error calls for is data: <c>rules/faults/dcgm.yaml</c>.
/// </summary>
internal static partial class DcgmErrors
{
    /// <summary>Code of what is wrong with the set-up, not with hardware: persistence mode, libraries, permissions, a busy GPU.</summary>
    public const string Configuration = "dcgm:configuration";

    // Number and name of what speaks of hardware; every one has its row in rules/faults/dcgm.yaml.
    private static readonly FrozenDictionary<int, string> Hardware = new Dictionary<int, string>
    {
        [3] = "PCI_REPLAY_RATE",
        [4] = "VOLATILE_DBE_DETECTED",
        [5] = "VOLATILE_SBE_DETECTED",
        [6] = "PENDING_PAGE_RETIREMENTS",
        [7] = "RETIRED_PAGES_LIMIT",
        [8] = "RETIRED_PAGES_DBE_LIMIT",
        [9] = "CORRUPT_INFOROM",
        [10] = "CLOCKS_EVENT_THERMAL",
        [11] = "POWER_UNREADABLE",
        [12] = "CLOCKS_EVENT_POWER",
        [13] = "NVLINK_ERROR_THRESHOLD",
        [14] = "NVLINK_DOWN",
        [15] = "NVSWITCH_FATAL_ERROR",
        [16] = "NVSWITCH_NON_FATAL_ERROR",
        [20] = "DEVICE_COUNT_MISMATCH",
        [30] = "LOW_BANDWIDTH",
        [40] = "THERMAL_VIOLATIONS",
        [41] = "THERMAL_VIOLATIONS",
        [42] = "TEMP_VIOLATION",
        [43] = "CLOCKS_EVENT_VIOLATION",
        [45] = "PCIE_GENERATION",
        [46] = "PCIE_WIDTH",
        [50] = "STRESS_LEVEL",
        [52] = "FAULTY_MEMORY",
        [57] = "CUDA_DBE",
        [58] = "MEMORY_MISMATCH",
        [59] = "CUDA_DEVICE",
        [62] = "MEMORY_BANDWIDTH",
        [70] = "NVLINK_CRC_ERROR_THRESHOLD",
        [71] = "NVLINK_ERROR_CRITICAL",
        [79] = "L1TAG_MISCOMPARE",
        [80] = "ROW_REMAP_FAILURE",
        [81] = "UNCONTAINED_ERROR",
        [83] = "DBE_PENDING_PAGE_RETIREMENTS",
        [84] = "UNCORRECTABLE_ROW_REMAP",
        [85] = "PENDING_ROW_REMAP",
        [95] = "EUD_TEST_FAILED",
        [98] = "PCIE_H_REPLAY_VIOLATION",
        [99] = "GPU_EXPECTED_NVLINKS_UP",
        [100] = "NVSWITCH_EXPECTED_NVLINKS_UP",
        [101] = "XID_ERROR",
        [103] = "DBE_VIOLATION",
        [109] = "SXID_ERROR",
        [110] = "GFLOPS_THRESHOLD_VIOLATION",
        [111] = "NAN_VALUE",
    }.ToFrozenDictionary();

    // Numbers above were checked against dcgm_errors.h; newer ones than this are told by their text only.
    private const int LastKnown = 111;

    /// <summary>Every code that an error may lead to.</summary>
    public static IReadOnlyCollection<string> Codes =>
        [.. Hardware.Values.Append("FALLEN_OFF_BUS").Append("SRAM_THRESHOLD").Append("GPU_RECOVERY").Distinct().Select(name => "dcgm:" + name),
            Configuration, "dcgm:health_warning", "dcgm:health_failure", "dcgm:diag_warning", "dcgm:diag_failure"];

    /// <summary>The code of an event; <paramref name="otherwise"/> where neither number nor text tells it.</summary>
    public static string CodeOf(int? errorId, string text, string otherwise)
    {
        if (errorId is { } id && Hardware.TryGetValue(id, out var name))
            return "dcgm:" + name;
        if (errorId is > 0 and <= LastKnown)
            return Configuration;
        var match = ByText().Match(text);
        return match.Success ? "dcgm:" + match.Groups.Values.Skip(1).First(group => group.Success).Name : otherwise;
    }

    // `dcgmi health -j` gives texts without numbers.
    [GeneratedRegex(
        """
        (?<ROW_REMAP_FAILURE>row\ remap\w*\ failed)
        |(?<PENDING_ROW_REMAP>row\ remappings?\ (?:are|is)\ pending|pending\ row\ remap)
        |(?<UNCORRECTABLE_ROW_REMAP>rows\ were\ remapped|uncorrectable\ remapped\ row)
        |(?<FALLEN_OFF_BUS>fallen\ off\ the\ bus)
        |(?<UNCONTAINED_ERROR>uncontained)
        |(?<VOLATILE_DBE_DETECTED>double-bit\ ECC)
        |(?<VOLATILE_SBE_DETECTED>single-bit\ ECC)
        |(?<CORRUPT_INFOROM>InfoROM)
        |(?<PCI_REPLAY_RATE>PCIe\ replays)
        |(?<NVLINK_DOWN>NvLink\ link\ \d+\ is\ currently\ down|NvLink.*\ is\ down)
        |(?<NVLINK_ERROR_CRITICAL>NvLink\ errors.*should\ be\ 0)
        |(?<NVLINK_ERROR_THRESHOLD>NvLink\ errors)
        |(?<NVSWITCH_NON_FATAL_ERROR>nonfatal\ errors\ on\ NvSwitch)
        |(?<NVSWITCH_FATAL_ERROR>fatal\ errors\ on\ NvSwitch)
        |(?<CLOCKS_EVENT_THERMAL>thermal\ violation)
        |(?<CLOCKS_EVENT_POWER>power\ violation)
        |(?<PENDING_PAGE_RETIREMENTS>pending\ retired\ page)
        |(?<SRAM_THRESHOLD>SRAM.*threshold)
        |(?<GPU_RECOVERY>recovery\ action)
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ByText();
}

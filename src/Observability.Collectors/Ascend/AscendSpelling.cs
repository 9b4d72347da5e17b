using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Series of Ascend's npu-exporter: −1 means unknown or failed to read, in every one of them. Polarity differs from DCGM's:
/// <c>npu_chip_info_health_status</c> 1 is good, 0 is bad.
/// </summary>
internal static class AscendSpelling
{
    private const string Prefix = "npu_chip_";

    /// <summary>True for series of chips.</summary>
    public static bool IsAscend(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The series unchanged, with its unknown value.</summary>
    public static SeriesShape Shape(LabelSet scraped) => new(scraped, IsUnknown);

    private static bool IsUnknown(double value) => value == -1;
}

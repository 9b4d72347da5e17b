namespace Observability.Collectors;

internal static class NativeHistograms
{
    /// <summary>Why a native histogram is refused, and what its sender can do.</summary>
    public const string Refusal =
        "native histograms are not stored; send classic buckets (scrape_native_histograms: false, or always_scrape_classic_histograms: true, at the sender)";
}

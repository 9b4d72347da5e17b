using Observability.Model;

namespace Observability.Collectors;

/// <summary>The one spelling of a scraped series, whichever vendor's exporter it comes from. Series of no accelerator pass unchanged.</summary>
internal static class ExporterSpelling
{
    public static SeriesShape Shape(LabelSet scraped)
    {
        var name = scraped.MetricName;
        return AscendSpelling.IsAscend(name) ? AscendSpelling.Shape(scraped)
            : AmdSpelling.IsAmd(name) ? AmdSpelling.Shape(scraped)
            : DcgmSpelling.Shape(scraped);
    }
}

using Observability.Model;

namespace Observability.Collectors;

/// <summary>How a scraped series is kept: its final labels, and which of its values mean "unknown".</summary>
/// <param name="Labels">Labels as stored.</param>
/// <param name="IsUnknown">Null where every value is a value.</param>
/// <param name="Fault">Why a body with this series is refused; null where it is welcome.</param>
/// <param name="IsDropped">True where relabelling leaves nothing of it: no sample of it is kept.</param>
internal readonly record struct SeriesShape(LabelSet Labels, Func<double, bool>? IsUnknown = null, ScrapeFault? Fault = null, bool IsDropped = false);

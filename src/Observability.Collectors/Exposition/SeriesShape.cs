using Observability.Model;

namespace Observability.Collectors;

/// <summary>How a scraped series is kept: its final labels, and which of its values mean "unknown".</summary>
/// <param name="Labels">Labels as stored.</param>
/// <param name="IsUnknown">Null where every value is a value.</param>
internal readonly record struct SeriesShape(LabelSet Labels, Func<double, bool>? IsUnknown = null);

using Observability.Model;

namespace Observability.Collectors;

/// <summary>Something to scrape.</summary>
/// <param name="Url">Where.</param>
/// <param name="Labels">Labels put on every sample: <c>job</c>, <c>instance</c>, <c>node</c>.</param>
public sealed record ScrapeTarget(Uri Url, LabelSet Labels);

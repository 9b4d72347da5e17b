namespace Observability.Collectors;

/// <summary>How a target's last scrape went.</summary>
/// <param name="Target">Which target.</param>
/// <param name="Health"><c>unknown</c> before the first scrape, then <c>up</c> or <c>down</c>.</param>
/// <param name="LastScrape">When; null before the first.</param>
/// <param name="LastError">What went wrong; empty after a good scrape.</param>
/// <param name="Samples">Samples of the last scrape.</param>
/// <param name="Duration">How long it took.</param>
public sealed record TargetStatus(ScrapeTarget Target, string Health, DateTimeOffset? LastScrape, string LastError, int Samples, TimeSpan Duration);

namespace Observability.Model;

/// <summary>One row of the multi-window multi-burn-rate table (SRE workbook, table 5-8).</summary>
/// <param name="LongWindow">Long window.</param>
/// <param name="ShortWindow">Short window, usually a twelfth.</param>
/// <param name="BurnRate">Burn rate above which both windows must be.</param>
/// <param name="Severity"><c>critical</c> for a page, <c>warning</c> for a ticket.</param>
public sealed record BurnRateWindow(TimeSpan LongWindow, TimeSpan ShortWindow, double BurnRate, string Severity);

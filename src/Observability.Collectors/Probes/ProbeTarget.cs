namespace Observability.Collectors;

/// <summary>Something that is probed.</summary>
/// <param name="Kind">How.</param>
/// <param name="Address">A URL for HTTP, <c>host:port</c> for TCP, a host for ICMP.</param>
/// <param name="Job">The job of its series.</param>
/// <param name="Node">The node it speaks for, or an empty string.</param>
public sealed record ProbeTarget(ProbeKind Kind, string Address, string Job, string Node);

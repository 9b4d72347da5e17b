namespace Observability.Model;

/// <summary>One value at one time.</summary>
/// <param name="UnixMilliseconds">Milliseconds since 1970-01-01 UTC.</param>
/// <param name="Value">The value; <see cref="StaleMarker"/> ends a series.</param>
public readonly record struct Sample(long UnixMilliseconds, double Value);

namespace Observability.Model;

/// <summary>Says of one alert whether it was right to fire: for alerts in shadow, which have no incident of their own to give feedback on.</summary>
/// <param name="Fingerprint">The alert, by the fingerprint of its labels; its latest firing is meant.</param>
/// <param name="WasRight">False for noise.</param>
public sealed record JudgeFiring(ulong Fingerprint, bool WasRight) : Command;

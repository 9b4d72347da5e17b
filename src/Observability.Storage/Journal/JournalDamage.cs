namespace Observability.Storage;

/// <summary>A record that cannot be trusted: its bytes do not match their checksum, cannot be read, or are not there.</summary>
/// <param name="Sequence">Which record.</param>
/// <param name="IsLast">True where it is the newest one, the mark of a write that the disc did not finish.</param>
/// <param name="Reason">What was seen.</param>
public sealed record JournalDamage(long Sequence, bool IsLast, string Reason);

namespace Observability.Model;

/// <summary>An entry with its place in the journal.</summary>
/// <param name="Sequence">1 for the first; no gaps.</param>
/// <param name="Epoch">The leader's epoch that wrote it.</param>
/// <param name="At">When it was written.</param>
/// <param name="Entry">What happened.</param>
public sealed record JournalRecord(long Sequence, long Epoch, DateTimeOffset At, JournalEntry Entry);

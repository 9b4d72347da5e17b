namespace Observability.Model;

/// <summary>
/// Input: where a rule or detector stands changed. It is decided once, from what is measured then, and read back as it was decided: another
/// threshold in tomorrow's configuration does not rewrite what was in force yesterday.
/// </summary>
public sealed record StandingChanged(StandingChange Change) : JournalEntry;

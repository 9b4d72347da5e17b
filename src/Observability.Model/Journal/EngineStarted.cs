namespace Observability.Model;

/// <summary>The platform started under a new epoch; the time before it was not ticked.</summary>
public sealed record EngineStarted(long Epoch, string Version) : JournalEntry;

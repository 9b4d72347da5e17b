namespace Observability.Metrics;

/// <summary>Sealed chunks that came, and the one they replace, where a late sample has changed it.</summary>
internal sealed record ChunkChange(SealedChunk[] Added, SealedChunk? Removed);

namespace Observability.Metrics;

/// <summary>How a series takes samples.</summary>
/// <param name="SamplesPerChunk">Samples before the open chunk is sealed.</param>
/// <param name="Window">How many milliseconds a sample may be older than the newest one; 0 refuses every older one.</param>
/// <param name="Changed">Told of each change of sealed chunks while the series is locked, so that changes arrive in order.</param>
internal sealed record AppendRules(int SamplesPerChunk, long Window, Action<MemorySeries, ChunkChange> Changed);

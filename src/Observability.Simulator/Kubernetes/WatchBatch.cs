namespace Observability.Simulator;

/// <summary>What a watch reads at once: the version reached, the events, the failure that ends the watch, and a task that completes at the next change.</summary>
internal sealed record WatchBatch(long Position, IReadOnlyList<WatchEvent> Events, ApiResult? Failure, Task Changed);

namespace Observability.Simulator;

/// <summary>A node was cordoned or released through the API: the cluster's own truth, from which false cordons are counted.</summary>
public sealed record CordonChange(string Node, bool Cordoned, DateTimeOffset At, string UserAgent);

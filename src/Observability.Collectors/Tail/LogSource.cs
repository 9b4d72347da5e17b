namespace Observability.Collectors;

/// <summary>A log to follow.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Location">Path of a file or an http URL.</param>
/// <param name="Owner">The node of a kernel log, the job of a training log; empty where the lines say it themselves.</param>
public sealed record LogSource(LogKind Kind, string Location, string Owner);

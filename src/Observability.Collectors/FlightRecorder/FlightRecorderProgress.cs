namespace Observability.Collectors;

/// <summary>How far a rank came in a group; -1 where nothing is known.</summary>
/// <param name="LocalId">The group's id on this rank only.</param>
/// <param name="LastEnqueued">Sequence of the last operation that the program enqueued.</param>
/// <param name="LastStarted">Sequence of the last one that began on the device; -1 unless timing is enabled.</param>
/// <param name="LastCompleted">Sequence of the last one that ended.</param>
public sealed record FlightRecorderProgress(string LocalId, long LastEnqueued, long LastStarted, long LastCompleted);

using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>A process group.</summary>
/// <param name="Name">Its name, which is the same on every rank.</param>
/// <param name="Description">What the program calls it: <c>TENSOR_MODEL_PARALLEL_GROUP</c>.</param>
/// <param name="Ranks">Its members as ranks of the job, in the order of the group's own ranks; empty where the dump does not tell.</param>
public sealed record FlightRecorderGroup(string Name, string Description, ImmutableArray<int> Ranks);

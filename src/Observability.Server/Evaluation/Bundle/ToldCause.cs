using Observability.Model;

namespace Observability.Server;

/// <summary>A candidate of a ranking.</summary>
internal sealed record ToldCause(EntityId Id, string Class, double Score);

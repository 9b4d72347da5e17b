using Observability.Model;

namespace Observability.Server;

/// <summary>What an alert spoke of, and when it was first heard.</summary>
internal sealed record ToldSign(EntityId Id, string Alert, DateTimeOffset At);

namespace Observability.Server;

/// <summary>What is wrong, where, and what to change.</summary>
internal sealed record ApiError(string Error);

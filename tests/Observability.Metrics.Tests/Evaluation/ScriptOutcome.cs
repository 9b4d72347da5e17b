namespace Observability.Metrics.Tests;

/// <summary>What came of one case; a null fault with a null skip reason is a pass.</summary>
internal sealed record ScriptOutcome(string Place, string Query, string? Fault, string? Skipped);

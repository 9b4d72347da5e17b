using Observability.Model;

namespace Observability.Server;

/// <summary>What a reload came to.</summary>
/// <param name="Groups">Rule groups that are in force from the next step on; those of before where something is wrong.</param>
/// <param name="Rules">Rules in them.</param>
/// <param name="Findings">Everything that is wrong; with one finding nothing changed.</param>
/// <param name="NeedsRestart">What changed too but takes a restart: <c>slos</c>, <c>runbooks</c>.</param>
public sealed record ReloadOutcome(int Groups, int Rules, IReadOnlyList<Finding> Findings, IReadOnlyList<string> NeedsRestart);

using Observability.Model;

namespace Observability.Content;

/// <summary>What was read from files, and everything that is wrong in them. What could be read is usable on its own.</summary>
/// <param name="Items">The specs.</param>
/// <param name="Findings">What is wrong; empty where all is well.</param>
public sealed record ContentResult<T>(IReadOnlyList<T> Items, IReadOnlyList<Finding> Findings);

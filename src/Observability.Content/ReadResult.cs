using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>What was read, with every fault at once.</summary>
/// <param name="Value">The items without a fault.</param>
/// <param name="Findings">Faults, in the order of the files and lines.</param>
/// <param name="Warnings">Remarks that refuse nothing.</param>
public sealed record ReadResult<T>(T Value, ImmutableArray<Finding> Findings, ImmutableArray<Finding> Warnings);

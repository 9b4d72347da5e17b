namespace Observability.EndToEnd.Tests;

/// <summary>A piece of a query that gives an instant vector.</summary>
/// <param name="Text">As it is written; what binds looser than a function call stands in parentheses.</param>
/// <param name="IsExact">
/// True where every engine must give the same bits, so that what jumps (<c>floor</c>, <c>==</c>, a counter's reset) and what cancels
/// (<c>a - b</c>, <c>stddev</c>) may be done to it. A sum of fractions may differ in its last bit with the order of addition.
/// </param>
/// <param name="Labels">Labels that its series may carry.</param>
internal sealed record Term(string Text, bool IsExact, IReadOnlyList<string> Labels);

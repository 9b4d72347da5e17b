namespace Observability.Metrics;

/// <summary>How the series of two vectors find each other.</summary>
/// <param name="Cardinality">One to one unless grouped or a set operator.</param>
/// <param name="On">True for <c>on</c>, false for <c>ignoring</c> or neither.</param>
/// <param name="Labels">The labels of <c>on</c> or <c>ignoring</c>.</param>
/// <param name="Include">The labels that <c>group_left</c> or <c>group_right</c> copies from the "one" side.</param>
public sealed record VectorMatching(
    MatchCardinality Cardinality, bool On, IReadOnlyList<string> Labels, IReadOnlyList<string> Include);

using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>What an expression must give at a time.</summary>
/// <param name="Expression">PromQL.</param>
/// <param name="At">Time after the start.</param>
/// <param name="Samples">Labels and value of each sample; empty for none.</param>
/// <param name="Source">Where it is written.</param>
public sealed record ExpressionExpectation(string Expression, TimeSpan At, ImmutableArray<ExpectedSample> Samples, SourceLine Source);

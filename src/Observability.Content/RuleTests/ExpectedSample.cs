using Observability.Model;

namespace Observability.Content;

/// <summary>A sample that an expression must give.</summary>
public sealed record ExpectedSample(LabelSet Labels, double Value);

using Observability.Model;

namespace Observability.Content;

/// <summary>An alert that must fire.</summary>
public sealed record ExpectedAlert(LabelSet Labels, LabelSet Annotations);

namespace Observability.Metrics;

/// <summary>Leaves the evaluation; the engine turns it into a <see cref="QueryError"/>.</summary>
internal sealed class EvaluationException(string message) : Exception(message);

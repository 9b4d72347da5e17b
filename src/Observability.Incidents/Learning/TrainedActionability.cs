namespace Observability.Incidents;

/// <summary>A trained classifier, ready to be written to files.</summary>
/// <param name="Model">The model as ML.NET writes it.</param>
/// <param name="Card">What lies beside it.</param>
/// <param name="Refusal">Why it must not take the place of the one before it; empty where it may.</param>
public sealed record TrainedActionability(byte[] Model, ModelCard Card, string Refusal);

namespace Observability.Incidents;

/// <summary>A trained ranker, ready to be written to files.</summary>
/// <param name="Model">The model as ML.NET writes it.</param>
/// <param name="Calibration">The calibration as JSON.</param>
/// <param name="Report">How good it is on data it has not seen.</param>
public sealed record TrainedCauseModel(byte[] Model, byte[] Calibration, CauseReport Report);

namespace Observability.Model;

/// <summary>How good a classifier of actionability is on examples that it has not seen. Shares are between 0 and 1.</summary>
/// <param name="Examples">How many there are.</param>
/// <param name="Actionable">Share of them that someone had to act on.</param>
/// <param name="LogLoss">Mean of −ln of the probability that it gave to what was true; 0 is perfect, 0.693 is a coin.</param>
/// <param name="Brier">Mean squared difference between probability and truth (Brier 1950).</param>
/// <param name="CalibrationError">Expected calibration error over ten bins of equal width.</param>
/// <param name="Auc">Probability that an actionable example ranks above one that is not; null where only one kind is there.</param>
/// <param name="ActionableInDigest">Share of the actionable ones that would go to the digest: what must stay small.</param>
/// <param name="NoiseInDigest">Share of the others that would: what it is for.</param>
public sealed record ModelFigures(
    int Examples, double Actionable, double LogLoss, double Brier, double CalibrationError, double? Auc, double ActionableInDigest, double NoiseInDigest);

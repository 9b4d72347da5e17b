namespace Observability.Model;

/// <summary>What became of a training.</summary>
/// <param name="Version">The version it made; where it was refused, the one that nobody keeps.</param>
/// <param name="Parent">The version that was in use.</param>
/// <param name="Labels">Labels that were there when it began.</param>
/// <param name="By">Who asked for it: a person, or <c>schedule</c>.</param>
/// <param name="Refusal">Why the version was not kept; empty where it was.</param>
/// <param name="Figures">How good it is; null where there was not enough to train on.</param>
/// <param name="At">When it ended.</param>
public sealed record ModelTraining(string Version, string Parent, int Labels, string By, string Refusal, ModelFigures? Figures, DateTimeOffset At);

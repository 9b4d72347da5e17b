namespace Observability.Model;

/// <summary>A named reduction that a reader can undo.</summary>
/// <param name="Reason">Which step reduced it.</param>
/// <param name="By">The silence, the cause's fingerprint, or the model's version.</param>
/// <param name="Detail">One sentence for people.</param>
public sealed record NoiseMark(NoiseReason Reason, string By, string Detail);

using Observability.Simulator;

namespace Observability.Server;

/// <summary>What is to happen within one episode, and when, counted from its beginning.</summary>
/// <param name="Faults">Kinds and onsets.</param>
/// <param name="Negatives">What only looks like a fault.</param>
/// <param name="SharesJob">True where all of it meets one job.</param>
/// <param name="Lasts">How long each of it lasts.</param>
internal sealed record EvalEpisode(
    IReadOnlyList<(FaultKind Kind, TimeSpan After)> Faults, IReadOnlyList<(FaultKind Kind, TimeSpan After)> Negatives, bool SharesJob, TimeSpan Lasts)
{
    /// <summary>Onset of the last of it.</summary>
    public TimeSpan LastOnset => Faults.Concat(Negatives).Max(one => one.After);
}

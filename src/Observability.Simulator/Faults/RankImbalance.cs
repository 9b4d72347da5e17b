namespace Observability.Simulator;

/// <summary>Ranks that have more to do than the others although their GPUs are healthy.</summary>
/// <param name="Factor">How many times as long they compute.</param>
/// <param name="IsFixed">True for a pipeline stage; false where it is another rank in every step.</param>
/// <param name="Where">Which stage, as a share of all ranks.</param>
internal sealed record RankImbalance(double Factor, bool IsFixed, double Where)
{
    // An eighth of the ranks is a stage.
    private const int Stages = 8;

    /// <summary>How many times as long a rank computes in a step.</summary>
    public double Of(int rank, int ranks, long step)
    {
        var stage = Math.Max(1, ranks / Stages);
        return IsFixed
            ? rank / stage == (int)(Where * Math.Max(1, ranks / stage)) ? Factor : 1
            : rank == (int)((step * 7_919) % ranks) ? Factor : 1;
    }
}

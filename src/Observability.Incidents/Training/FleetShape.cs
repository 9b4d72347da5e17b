namespace Observability.Incidents;

/// <summary>Size and wiring of a synthetic fleet.</summary>
/// <param name="Nodes">Nodes, each with eight GPUs and eight NICs.</param>
/// <param name="NodesPerLeaf">Nodes whose NICs of one rail share a leaf switch.</param>
/// <param name="Jobs">Training jobs.</param>
internal sealed record FleetShape(int Nodes, int NodesPerLeaf, int Jobs)
{
    /// <summary>
    /// The shapes of a part. No two parts have a shape in common, so that a ranker cannot know the fleet it is tested on. A scalable
    /// unit has 32 nodes and a leaf per rail (facts/failures.md §9); smaller ones stand for partly built fleets.
    /// </summary>
    public static IReadOnlyList<FleetShape> Of(SyntheticPart part) => part switch
    {
        SyntheticPart.Train => [new(16, 16, 1), new(24, 8, 2), new(40, 32, 3), new(64, 32, 3), new(96, 32, 5)],
        SyntheticPart.Calibrate => [new(20, 10, 2), new(56, 28, 4), new(80, 40, 3)],
        _ => [new(18, 9, 2), new(36, 12, 2), new(48, 24, 3), new(112, 32, 6)],
    };
}

namespace Observability.Server;

/// <summary>The kinds of labelled set that <c>eval predict</c> and <c>eval run</c> know.</summary>
internal static class EvalSets
{
    /// <summary>Every set.</summary>
    public static IReadOnlyList<IPredictionSet> All { get; } =
    [
        new PetShopSet(),
        new AlertRcaSet(),
        new FlightRecorderSet(),
        new BundleSet(".", PlatformParts.None),
        new StragglerSet(),
        new NabSet(),
    ];

    /// <summary>Those that can be scored here.</summary>
    public static IReadOnlyList<ILabelledSet> Labelled { get; } = [.. All.OfType<ILabelledSet>()];
}

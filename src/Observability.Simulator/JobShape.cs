namespace Observability.Simulator;

/// <summary>A training job of a fleet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Share">Its share of the nodes, above 0 and at most 1; it has at least one.</param>
/// <param name="StepSeconds">How long a healthy step takes.</param>
/// <param name="Mfu">Its model FLOPS utilisation, 0 to 1.</param>
public sealed record JobShape(string Name, double Share, double StepSeconds, double Mfu)
{
    /// <summary>A large, a middle and a small job.</summary>
    public static IReadOnlyList<JobShape> Usual { get; } =
        [new("llm-70b", 0.5, 6.2, 0.41), new("moe-8x22b", 0.3, 4.1, 0.36), new("vision-7b", 0.15, 2.3, 0.44)];
}

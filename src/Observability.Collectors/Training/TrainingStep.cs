namespace Observability.Collectors;

/// <summary>What a progress line says; null where it does not.</summary>
internal sealed record TrainingStep(long Step)
{
    public double? DurationSeconds { get; init; }

    public double? TokensPerSecond { get; init; }

    public double? Tflops { get; init; }

    public double? MfuRatio { get; init; }

    public double? Loss { get; init; }

    public double? GradNorm { get; init; }
}

namespace Observability.Collectors;

/// <summary>What a progress line says; null where it does not.</summary>
/// <param name="Step">The optimizer step; null for lines that do not count (the dictionaries of Hugging Face's Trainer).</param>
internal sealed record TrainingStep(long? Step)
{
    public double? DurationSeconds { get; init; }

    /// <summary>Tokens per second and GPU.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Samples per second of the whole job.</summary>
    public double? SamplesPerSecond { get; init; }

    /// <summary>Model TFLOP/s per GPU by the framework's own count.</summary>
    public double? Tflops { get; init; }

    /// <summary>TFLOP/s per GPU with what is computed again for lack of memory.</summary>
    public double? HardwareTflops { get; init; }

    public double? MfuRatio { get; init; }

    public double? Loss { get; init; }

    public double? GradNorm { get; init; }

    public double? LearningRate { get; init; }

    public double? Epoch { get; init; }

    /// <summary>Samples of one step over the whole job.</summary>
    public double? GlobalBatchSize { get; init; }

    /// <summary>Steps skipped for infinite or missing gradients since the last line.</summary>
    public double? SkippedSteps { get; init; }

    /// <summary>Steps whose loss was no number since the last line.</summary>
    public double? NanSteps { get; init; }

    /// <summary>How the framework counts attention: <c>full</c> or <c>causal</c>; empty where its TFLOP/s are not its own count.</summary>
    public string Attention { get; init; } = "";
}

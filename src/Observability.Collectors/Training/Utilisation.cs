using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// MFU and HFU of a step, each with the assumptions it rests on as labels: <c>attention</c> = causal or full, <c>peak</c> = dense or
/// sparse, <c>source</c> = log where the framework printed the figure and computed where it was worked out here. Figures whose
/// assumptions differ cannot be compared.
/// </summary>
internal static class Utilisation
{
    /// <summary>Metric names, values and assumption labels; nothing where too little is known.</summary>
    public static IEnumerable<(string Name, double Value, LabelSet Assumptions)> Of(TrainingStep step, ModelShape shape)
    {
        if (step.MfuRatio is { } printed)
            yield return ("train_mfu_ratio", printed, Labels(step.Attention, "dense", "log"));
        else if (Mfu(step, shape) is var (mfu, attention))
            yield return ("train_mfu_ratio", mfu, Labels(attention, Peak(shape), "computed"));
        if (shape.PeakFlops <= 0)
            yield break;
        if (step.HardwareTflops is { } hardware)
            yield return ("train_hfu_ratio", hardware * 1e12 / shape.PeakFlops, Labels(step.Attention, Peak(shape), "computed"));
        else if (shape.RecomputesAll && shape.CanCount && TokensPerSecond(step, shape) is { } tokens)
            yield return ("train_hfu_ratio", tokens * shape.HardwareFlopsPerToken / shape.PeakFlops, Labels(Attention(shape), Peak(shape), "computed"));
    }

    // Counting tokens needs no trust in the framework's count; its TFLOP/s are taken where the shape is not known.
    private static (double Value, string Attention)? Mfu(TrainingStep step, ModelShape shape)
    {
        if (shape.PeakFlops <= 0)
            return null;
        if (shape.CanCount && TokensPerSecond(step, shape) is { } tokens)
            return (tokens * shape.FlopsPerToken / shape.PeakFlops, Attention(shape));
        return step.Tflops is { } tflops ? (tflops * 1e12 / shape.PeakFlops, step.Attention) : null;
    }

    private static double? TokensPerSecond(TrainingStep step, ModelShape shape)
    {
        if (step.TokensPerSecond is { } stated)
            return stated;
        if (shape.Gpus <= 0 || shape.SequenceLength <= 0)
            return null;
        var samples = step.SamplesPerSecond ?? (step.DurationSeconds > 0 ? step.GlobalBatchSize / step.DurationSeconds : null);
        return samples * shape.SequenceLength / shape.Gpus;
    }

    private static string Attention(ModelShape shape) => shape.IsCausal ? "causal" : "full";

    private static string Peak(ModelShape shape) => shape.PeakIsSparse ? "sparse" : "dense";

    private static LabelSet Labels(string attention, string peak, string source) =>
        LabelSet.Of(("attention", attention.Length > 0 ? attention : "unknown"), ("peak", peak), ("source", source));
}

using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>What a job's model is, so that MFU can be worked out where its framework does not print it.</summary>
public sealed class ModelOptions
{
    /// <summary>The job it belongs to.</summary>
    [Required]
    public string Job { get; set; } = "";

    /// <summary>Parameters in billions that every token passes; of a mixture of experts those that are active.</summary>
    [Range(0, 1_000_000)]
    public double Billions { get; set; }

    /// <summary>Layers.</summary>
    [Range(0, 100_000)]
    public int Layers { get; set; }

    /// <summary>Attention heads.</summary>
    [Range(0, 100_000)]
    public int Heads { get; set; }

    /// <summary>Size of a head.</summary>
    [Range(0, 100_000)]
    public int HeadSize { get; set; }

    /// <summary>Tokens of a sequence.</summary>
    [Range(0, 1_000_000_000)]
    public int SequenceLength { get; set; }

    /// <summary>GPUs of the job.</summary>
    [Range(0, 1_000_000)]
    public int Gpus { get; set; }

    /// <summary>Peak of one GPU in TFLOP/s for the numbers that the job computes with.</summary>
    [Range(0, 1_000_000)]
    public double PeakTeraflops { get; set; }

    /// <summary>Whether that peak counts structured sparsity.</summary>
    public bool PeakIsSparse { get; set; }

    /// <summary>Whether attention counts only what a causal mask leaves.</summary>
    public bool Causal { get; set; }

    /// <summary>Whether all activations are computed again in the backward pass: HFU then differs from MFU.</summary>
    public bool RecomputesAll { get; set; }
}

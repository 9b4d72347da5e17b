namespace Observability.Collectors;

/// <summary>
/// What is needed to turn tokens per second into a share of the hardware's peak. Formulas: PaLM, https://arxiv.org/abs/2204.02311,
/// appendix B. Zero means not known.
/// </summary>
public sealed record ModelShape
{
    /// <summary>Parameters that every token passes: N.</summary>
    public double Parameters { get; init; }

    /// <summary>Layers: L.</summary>
    public int Layers { get; init; }

    /// <summary>Attention heads: H.</summary>
    public int Heads { get; init; }

    /// <summary>Size of a head: Q.</summary>
    public int HeadSize { get; init; }

    /// <summary>Tokens of a sequence: T.</summary>
    public int SequenceLength { get; init; }

    /// <summary>GPUs of the job, for frameworks that print no number per GPU.</summary>
    public int Gpus { get; init; }

    /// <summary>Peak of one GPU in FLOP/s for the numbers that the job computes with.</summary>
    public double PeakFlops { get; init; }

    /// <summary>Whether that peak counts structured sparsity, which doubles it.</summary>
    public bool PeakIsSparse { get; init; }

    /// <summary>Whether attention counts only what a causal mask leaves, about half; the framework's own count has its own answer.</summary>
    public bool IsCausal { get; init; }

    /// <summary>Whether all activations are computed again in the backward pass, which HFU counts and MFU does not.</summary>
    public bool RecomputesAll { get; init; }

    /// <summary>Whether tokens can be turned into FLOP.</summary>
    public bool CanCount => Parameters > 0 && Layers > 0 && Heads > 0 && HeadSize > 0 && SequenceLength > 0;

    /// <summary>FLOP for one token of the model: <c>6N + 12LHQT</c>, with half of the attention where it is causal.</summary>
    public double FlopsPerToken => (6 * Parameters) + (12 * Attention);

    /// <summary>FLOP for one token on the hardware: <c>8N + 16LHQT</c> where everything is computed again.</summary>
    public double HardwareFlopsPerToken => RecomputesAll ? (8 * Parameters) + (16 * Attention) : FlopsPerToken;

    /// <summary>The shape with what another one knows in the places where this one knows nothing.</summary>
    public ModelShape Or(ModelShape other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with
        {
            Parameters = Parameters > 0 ? Parameters : other.Parameters,
            Layers = Layers > 0 ? Layers : other.Layers,
            Heads = Heads > 0 ? Heads : other.Heads,
            HeadSize = HeadSize > 0 ? HeadSize : other.HeadSize,
            SequenceLength = SequenceLength > 0 ? SequenceLength : other.SequenceLength,
            Gpus = Gpus > 0 ? Gpus : other.Gpus,
            PeakFlops = PeakFlops > 0 ? PeakFlops : other.PeakFlops,
        };
    }

    private double Attention => (double)Layers * Heads * HeadSize * SequenceLength * (IsCausal ? 0.5 : 1);
}

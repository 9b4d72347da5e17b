namespace Observability.Collectors;

/// <summary>What an operation of a training step is to the others: what it waits for and who waits for it.</summary>
public enum OperationKind
{
    /// <summary>Forward pass of one micro-batch through one model chunk.</summary>
    Forward,

    /// <summary>Backward pass of one micro-batch through one model chunk.</summary>
    Backward,

    /// <summary>Other work on the stream of the computation: gradients of weights, loading of data, the optimizer.</summary>
    Compute,

    /// <summary>Activations to the next stage.</summary>
    ForwardSend,

    /// <summary>Activations from the stage before.</summary>
    ForwardReceive,

    /// <summary>Gradients to the stage before.</summary>
    BackwardSend,

    /// <summary>Gradients from the next stage.</summary>
    BackwardReceive,

    /// <summary>Parameters gathered among the data-parallel ranks of a stage, before the chunk's first forward pass.</summary>
    ParameterGather,

    /// <summary>Gradients reduced among the data-parallel ranks of a stage, after the chunk's last backward pass.</summary>
    GradientReduce,

    /// <summary>A collective among the data-parallel ranks of a stage that follows all computation.</summary>
    StageCollective,

    /// <summary>A collective between the first and the last stage of one data-parallel rank: tied embeddings.</summary>
    EmbeddingCollective,

    /// <summary>A collective of all workers: norm and clipping of the gradients.</summary>
    GlobalCollective,

    /// <summary>A collective inside one worker's tensor-parallel group, of which the trace shows one rank.</summary>
    WorkerCollective,
}

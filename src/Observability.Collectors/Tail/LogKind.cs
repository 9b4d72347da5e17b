namespace Observability.Collectors;

/// <summary>What a log holds.</summary>
public enum LogKind
{
    /// <summary>Lines of a kernel.</summary>
    Kernel,

    /// <summary>Lines of a training job.</summary>
    Training,
}

namespace Observability.Collectors;

/// <summary>Why a training job is slower than its own operations would allow.</summary>
public enum StragglerCause
{
    /// <summary>It is not slow, or none of the causes below explains it.</summary>
    None,

    /// <summary>A few workers compute slower than their peers of the same stage.</summary>
    Worker,

    /// <summary>The model is cut into stages of unequal work.</summary>
    Stage,

    /// <summary>Micro-batches differ in work, because their sequences differ in length.</summary>
    Sequence,
}

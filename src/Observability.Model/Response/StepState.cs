namespace Observability.Model;

/// <summary>Where a step stands.</summary>
public enum StepState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>The intent is journaled; the effect may or may not have happened.</summary>
    Intended,

    /// <summary>The effect is confirmed.</summary>
    Done,

    /// <summary>All attempts failed.</summary>
    Failed,

    /// <summary>Not needed any more.</summary>
    Skipped,
}

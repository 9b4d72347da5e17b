namespace Observability.Model;

/// <summary>How an attempt ended.</summary>
public enum StepResult
{
    /// <summary>The effect is confirmed.</summary>
    Succeeded,

    /// <summary>It failed and may be tried again.</summary>
    Failed,

    /// <summary>It cannot succeed: the target is gone, the request is wrong.</summary>
    Impossible,

    /// <summary>Not yet: a drain that waits, a check that does not hold yet.</summary>
    NotYet,
}

namespace Observability.Metrics;

/// <summary>What an <c>@</c> modifier fixes the time to.</summary>
public enum AtAnchor
{
    /// <summary>No <c>@</c> modifier, or a literal time.</summary>
    None,

    /// <summary><c>@ start()</c>: the first step of the query.</summary>
    Start,

    /// <summary><c>@ end()</c>: the last step of the query.</summary>
    End,
}

namespace Observability.Incidents;

/// <summary>What became of a firing.</summary>
public enum FiringOutcome
{
    /// <summary>Nobody and nothing has said.</summary>
    Undecided,

    /// <summary>There was a real fault.</summary>
    Right,

    /// <summary>There was nothing.</summary>
    Wrong,
}

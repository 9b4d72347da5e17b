namespace Observability.Console;

/// <summary>What is known of a cell of the heat map, from good to bad.</summary>
public enum CellState
{
    /// <summary>It reports, and nothing speaks against it.</summary>
    Healthy,

    /// <summary>It cannot be seen; unknown is not healthy.</summary>
    Unknown,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Something is wrong.</summary>
    Critical,
}

namespace Observability.Model;

/// <summary>How far the platform may go by itself.</summary>
public enum Strategy
{
    /// <summary>Record what it would have chosen.</summary>
    Observe,

    /// <summary>Tell people what it would do.</summary>
    Suggest,

    /// <summary>Prepare it and wait for a yes.</summary>
    Ask,

    /// <summary>Do it.</summary>
    Act,
}

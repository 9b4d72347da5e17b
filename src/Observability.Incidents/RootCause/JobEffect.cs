namespace Observability.Incidents;

/// <summary>What a fault does to the jobs that need what is faulty.</summary>
internal enum JobEffect
{
    /// <summary>It may stop them, slow them down, or neither.</summary>
    Unknown,

    /// <summary>They do not notice.</summary>
    None,

    /// <summary>Every step takes longer.</summary>
    Slows,

    /// <summary>No step ends any more.</summary>
    Stops,
}

namespace Observability.Server;

/// <summary>Parts that a measurement may do without, to see what each of them is worth.</summary>
[Flags]
internal enum PlatformParts
{
    /// <summary>Nothing is missing.</summary>
    None = 0,

    /// <summary>Relations between entities: what is part of, runs on or is cabled to what.</summary>
    Topology = 1,

    /// <summary>The trained models: causes are counted instead, and every alert counts as worth acting on.</summary>
    Ml = 2,

    /// <summary>The comparison of ranks and GPUs with their peers.</summary>
    Peers = 4,
}

namespace Observability.Collectors;

/// <summary>How a target is probed.</summary>
public enum ProbeKind
{
    /// <summary>A GET that must answer 2xx.</summary>
    Http,

    /// <summary>A connection that must be accepted.</summary>
    Tcp,

    /// <summary>An echo request that must be answered.</summary>
    Icmp,
}

namespace Observability.Collectors;

/// <summary>Which of ethtool's outputs a line belongs to.</summary>
internal enum EthtoolSection
{
    /// <summary>None that is known.</summary>
    None,

    /// <summary><c>ethtool -S DEV</c>: counters.</summary>
    Statistics,

    /// <summary><c>ethtool DEV</c>: speed and link.</summary>
    Settings,

    /// <summary><c>ethtool -i DEV</c>: driver and firmware.</summary>
    Driver,

    /// <summary><c>ethtool -a DEV</c>: pause frames.</summary>
    Pause,
}

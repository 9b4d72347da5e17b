namespace Observability.Console;

/// <summary>What the cells of the heat map are coloured by.</summary>
public enum HeatMode
{
    /// <summary>The worst that is known.</summary>
    State,

    /// <summary>Temperature of the GPU in °C.</summary>
    Temperature,

    /// <summary>Utilisation in percent.</summary>
    Utilisation,

    /// <summary>Power draw in W.</summary>
    Power,
}

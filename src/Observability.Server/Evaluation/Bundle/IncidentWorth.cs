namespace Observability.Server;

/// <summary>What an incident is, seen from the truth.</summary>
internal enum IncidentWorth
{
    /// <summary>It speaks of a fault.</summary>
    OfFault,

    /// <summary>It speaks of what only looks like a fault, and blames no device.</summary>
    Harmless,

    /// <summary>It blames a device for what only looks like a fault.</summary>
    NegativeBlamed,

    /// <summary>It speaks of a fault and blames a device that has none.</summary>
    WrongBlame,

    /// <summary>It speaks of nothing that happened.</summary>
    OfNothing,
}

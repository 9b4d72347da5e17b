namespace Observability.Model;

/// <summary>The three answers the platform gives.</summary>
public enum VerdictKind
{
    /// <summary>A device is at fault.</summary>
    Hardware,

    /// <summary>Something is wrong, and it is not a device.</summary>
    NotHardware,

    /// <summary>The evidence does not suffice.</summary>
    Unknown,
}

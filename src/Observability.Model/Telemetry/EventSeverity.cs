namespace Observability.Model;

/// <summary>How bad an event is on its own.</summary>
public enum EventSeverity
{
    /// <summary>Worth keeping, nothing to do.</summary>
    Info,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>The application failed; the hardware is probably fine.</summary>
    Application,

    /// <summary>Hardware works, worse than it should.</summary>
    HardwareDegraded,

    /// <summary>Hardware failed.</summary>
    HardwareFatal,
}

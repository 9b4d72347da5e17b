using Observability.Model;

namespace Observability.Collectors;

/// <summary>Where events go.</summary>
public interface IEventSink
{
    /// <summary>Takes one event.</summary>
    void Publish(TelemetryEvent telemetryEvent);
}

namespace Observability.Collectors;

/// <summary>Where it goes who was seen calling whom.</summary>
public interface ICallSink
{
    /// <summary>Takes in what was seen. Thread-safe: pushes come side by side.</summary>
    void See(IEnumerable<ServiceCall> calls, DateTimeOffset now);
}

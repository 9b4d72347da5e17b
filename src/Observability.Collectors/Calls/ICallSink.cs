namespace Observability.Collectors;

/// <summary>Where it goes who was seen calling whom.</summary>
public interface ICallSink
{
    /// <summary>Takes in what was seen. Calls come side by side.</summary>
    void See(IEnumerable<ServiceCall> calls, DateTimeOffset now);
}

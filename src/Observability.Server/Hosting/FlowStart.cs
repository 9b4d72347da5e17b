namespace Observability.Server;

/// <summary>Where a flow begins.</summary>
public static class FlowStart
{
    /// <summary>A flow without stages.</summary>
    public static Flow<T, T> From<T>() => new((item, _) => [item], _ => [], (_, _) => []);
}

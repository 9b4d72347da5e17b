namespace Observability.Metrics;

/// <summary>How much a series holds.</summary>
internal sealed partial class MemorySeries
{
    /// <summary>Chunks, the open one included, and the times of the first and the last sample; no chunk where there is no sample.</summary>
    public (int Chunks, long FirstTime, long LastTime) Extent()
    {
        lock (_open)
        {
            var chunks = _sealed.Length + (_open.Count > 0 ? 1 : 0);
            if (chunks == 0)
                return default;
            return (chunks, _sealed.Length > 0 ? _sealed[0].FirstTime : _open.FirstTime, _open.Count > 0 ? _open.LastTime : _sealed[^1].LastTime);
        }
    }
}

using Observability.Model;

namespace Observability.Collectors;

/// <summary>A series of one target, and the read at which it was last seen. States lie in one array.</summary>
internal struct SeriesState(SeriesShape shape)
{
    public readonly LabelSet Labels = shape.Labels;

    public readonly Func<double, bool>? IsUnknown = shape.IsUnknown;

    public readonly ScrapeFault? Fault = shape.Fault;

    public readonly bool IsDropped = shape.IsDropped;

    /// <summary>Next state of the same bucket; 0 for none.</summary>
    public int Chained;

    /// <summary>Number of the read that last brought a value.</summary>
    public long SeenAt;
}

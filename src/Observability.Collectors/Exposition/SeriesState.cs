using Observability.Model;

namespace Observability.Collectors;

/// <summary>A series of one target, and the read at which it was last seen.</summary>
internal sealed class SeriesState(SeriesShape shape)
{
    public LabelSet Labels { get; } = shape.Labels;

    public Func<double, bool>? IsUnknown { get; } = shape.IsUnknown;

    public bool IsDropped { get; } = shape.IsDropped;

    public ScrapeFault? Fault { get; } = shape.Fault;

    /// <summary>Next state of the same bucket.</summary>
    public SeriesState? Chained { get; set; }

    /// <summary>Number of the read that last brought a value.</summary>
    public long SeenAt { get; set; }
}

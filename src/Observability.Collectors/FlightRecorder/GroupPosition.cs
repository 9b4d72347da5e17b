namespace Observability.Collectors;

/// <summary>How far one rank came with the collectives of one group.</summary>
internal sealed class GroupPosition
{
    /// <summary>Sequence of the last collective it enqueued; 0 for none.</summary>
    public long Enqueued { get; set; }

    /// <summary>Sequence of the last collective it completed; 0 for none.</summary>
    public long Completed { get; set; }

    /// <summary>Its recorded collectives by sequence; where several share one, the first.</summary>
    public SortedDictionary<long, FlightRecorderEntry> Collectives { get; } = [];

    /// <summary>Its sends and receives that have not completed, in the order of enqueuing.</summary>
    public List<FlightRecorderEntry> PointToPoint { get; } = [];

    /// <summary>True where a collective is enqueued and not completed.</summary>
    public bool IsWaiting => Enqueued > Completed;

    /// <summary>The recorded entry of a collective; null where the dump does not hold it.</summary>
    public FlightRecorderEntry? At(long sequence) => Collectives.GetValueOrDefault(sequence);
}

namespace Observability.Collectors;

/// <summary>A process group as all dumps together show it.</summary>
internal sealed class RecordedGroup(string name)
{
    private KeyValuePair<int, GroupPosition>[]? _byProgress;

    /// <summary>Its name on every rank.</summary>
    public string Name { get; } = name;

    /// <summary>What the program calls it.</summary>
    public string Description { get; set; } = "";

    /// <summary>Its members as ranks of the job, in the group's own order.</summary>
    public List<int> Members { get; } = [];

    /// <summary>
    /// Whether sends or receives run in it. They count for each rank on their own, and PyTorch writes that count into the group's
    /// progress, so that progress says nothing about collectives here.
    /// </summary>
    public bool HasPointToPoint { get; set; }

    /// <summary>How far each member came that left a dump.</summary>
    public Dictionary<int, GroupPosition> Positions { get; } = [];

    /// <summary>Dumped members that have not enqueued the collective, those that are furthest behind first.</summary>
    public IEnumerable<int> Behind(long sequence)
    {
        _byProgress ??= [.. Positions.OrderBy(pair => pair.Value.Enqueued).ThenBy(pair => pair.Key)];
        return _byProgress.TakeWhile(pair => pair.Value.Enqueued < sequence).Select(pair => pair.Key);
    }

    /// <summary>Name and description, as people search for it.</summary>
    public override string ToString() => Description.Length > 0 ? $"{Name} {Description}" : Name;
}

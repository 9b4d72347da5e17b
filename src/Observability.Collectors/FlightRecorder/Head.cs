namespace Observability.Collectors;

/// <summary>An operation that a rank waits in.</summary>
/// <param name="Group">Its group.</param>
/// <param name="Sequence">Its number in the group.</param>
/// <param name="Entry">What was recorded of it; null where only the group's progress tells of it.</param>
internal sealed record Head(RecordedGroup Group, long Sequence, FlightRecorderEntry? Entry)
{
    /// <summary>Place in the rank's own order; what was not recorded comes last.</summary>
    public long Order => Entry?.RecordId ?? long.MaxValue;

    /// <summary>Who must take part: the other side of a send or receive, all members of the group for a collective.</summary>
    public IReadOnlyList<int> Peers => Entry is not { IsPointToPoint: true } entry ? Group.Members
        : PointToPointCall.Of(entry) is { } call && call.Peer < Group.Members.Count ? [Group.Members[call.Peer]] : [];

    /// <summary>True for a collective, false for a send or receive.</summary>
    public bool IsCollective => Entry is not { IsPointToPoint: true };
}

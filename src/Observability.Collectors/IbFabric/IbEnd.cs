namespace Observability.Collectors;

/// <summary>One end of an InfiniBand link.</summary>
/// <param name="IsSwitch">True for a switch, false for an adapter of a host.</param>
/// <param name="Lid">Local identifier.</param>
/// <param name="Port">Port number.</param>
/// <param name="Guid">Global identifier, <c>0x…</c>.</param>
internal sealed record IbEnd(bool IsSwitch, string Lid, string Port, string Guid)
{
    /// <summary>What people call it: the node description without blanks around it.</summary>
    public string Name { get; init; } = "";
}

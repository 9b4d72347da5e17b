namespace Observability.Model;

/// <summary>
/// Why nobody is told of an incident: whatever of it fires and could wake somebody is silenced, or is on a node that is announced to be worked on.
/// Where several of these meet, the one that ends first is named.
/// </summary>
/// <param name="By">The silence's identity, or the fingerprint of the alert that announces the work.</param>
/// <param name="Reason">One sentence for people: <c>silenced by ana: known, part is ordered</c>.</param>
/// <param name="Since">When the incident fell quiet.</param>
/// <param name="Until">When that ends by itself; null where nobody announced it.</param>
public sealed record IncidentMute(string By, string Reason, DateTimeOffset Since, DateTimeOffset? Until)
{
    /// <summary>True where an alert takes part that is not silenced but needs nobody either: the incident is in the digest for it.</summary>
    public bool IsInDigest { get; init; }

    /// <summary>True where both say the same, since whenever.</summary>
    public bool IsLike(IncidentMute? other) => this == (other is null ? null : other with { Since = Since });
}

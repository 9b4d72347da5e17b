using System.Collections.Frozen;

namespace Observability.Collectors;

/// <summary>How far a log has been read. Stored and given back, it makes a restart go on where it stopped.</summary>
/// <param name="Location">The log.</param>
/// <param name="Offset">Bytes of a file, bytes of a job's log, or the last sequence number of a kernel log.</param>
public sealed record TailPosition(string Location, long Offset)
{
    /// <summary>Bytes at the start of the file that <see cref="HeadHash"/> covers: they tell one file from its successor.</summary>
    public int HeadBytes { get; init; }

    /// <summary>Hash of those bytes.</summary>
    public ulong HeadHash { get; init; }

    /// <summary>The boot whose sequence numbers these are.</summary>
    public string BootId { get; init; } = "";

    /// <summary>
    /// What the lines before this place said that those behind it rely on: of a kernel log each GPU's UUID by its PCI address, which the
    /// driver tells once per boot.
    /// </summary>
    public IReadOnlyDictionary<string, string> Known { get; init; } = FrozenDictionary<string, string>.Empty;
}

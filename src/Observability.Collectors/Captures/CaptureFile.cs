using System.Text;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>One file of a recording, in memory.</summary>
/// <param name="Name">Its path below the recording's folder, with forward slashes.</param>
/// <param name="Bytes">Everything in it.</param>
/// <param name="At">When it was taken, for what states no time of its own.</param>
/// <param name="TargetLabels">Labels for samples that name no target.</param>
internal sealed record CaptureFile(string Name, byte[] Bytes, DateTimeOffset At, LabelSet TargetLabels)
{
    private const int HeadBytes = 4_096;

    /// <summary>The extension with its dot, in lower case.</summary>
    public string Extension { get; } = Path.GetExtension(Name).ToLowerInvariant();

    /// <summary>Whose file it is by its name, up to the first dot: a node for a kernel log, a job for a training log.</summary>
    public string Owner { get; } = Path.GetFileName(Name).Split('.')[0];

    /// <summary>Of which node it tells: the one that the recording states, or else its owner.</summary>
    public string Node => TargetLabels["node"] is { Length: > 0 } stated ? stated : Owner;

    /// <summary>How the file begins.</summary>
    public ReadOnlySpan<byte> Head => Bytes.AsSpan(0, Math.Min(Bytes.Length, HeadBytes));

    /// <summary>How the file ends.</summary>
    public ReadOnlySpan<byte> Tail => Bytes.AsSpan(Math.Max(0, Bytes.Length - HeadBytes));

    /// <summary>All of it as UTF-8; what is not becomes U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);
}

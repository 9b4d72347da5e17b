using System.Collections.Frozen;

namespace Observability.Collectors;

/// <summary>Understands the lines of one log, in order.</summary>
internal interface ILineReader
{
    void Read(TailRead read, DateTimeOffset now);

    /// <summary>What lines read so far said that later ones rely on; stored with the position.</summary>
    IReadOnlyDictionary<string, string> Known => FrozenDictionary<string, string>.Empty;

    /// <summary>Takes up what an earlier run knew. Call it before the first line.</summary>
    void Recall(IReadOnlyDictionary<string, string> known)
    {
    }
}

namespace Observability.Console;

/// <summary>
/// Who sits in front of one open console. The name answers for every command in the audit trail; it is remembered by the
/// browser. It states who asks; where the server wants API keys, <see cref="Prove"/> says who it really is, for as long as the
/// console stays open: a key is never kept by the browser.
/// </summary>
public sealed class OperatorSession
{
    /// <summary>Longest name that is kept, in characters.</summary>
    public const int LongestName = 64;

    private const string Nobody = "console";

    /// <summary>The name that commands carry; <c>console</c> before anybody gave one.</summary>
    public string Actor { get; private set; } = Nobody;

    /// <summary>The name as it was given; empty where nobody gave one.</summary>
    public string Name => Actor == Nobody ? "" : Actor;

    /// <summary>True once an API key told who it is.</summary>
    public bool IsProven { get; private set; }

    /// <summary>The owner of a valid key speaks from here on; null is nobody.</summary>
    public void Prove(string? owner) => (IsProven, Actor) = (owner is not null, owner is null ? Nobody : $"api-key:{owner}");

    /// <summary>Takes a name: trimmed, without control characters, at most <see cref="LongestName"/> long; nothing usable makes it nobody again.</summary>
    public void Introduce(string? name)
    {
        var clean = new string([.. (name ?? "").Where(letter => !char.IsControl(letter))]).Trim();
        Actor = clean.Length == 0 ? Nobody : clean[..Math.Min(clean.Length, LongestName)];
    }
}

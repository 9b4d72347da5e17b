namespace Observability.Console;

/// <summary>
/// Who sits in front of one open console. The name answers for every command in the audit trail; it is remembered by the
/// browser. It states who asks, it does not prove it: who may reach the console is the listener's and the proxy's matter.
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

    /// <summary>Takes a name: trimmed, without control characters, at most <see cref="LongestName"/> long; nothing usable makes it nobody again.</summary>
    public void Introduce(string? name)
    {
        var clean = new string([.. (name ?? "").Where(letter => !char.IsControl(letter))]).Trim();
        Actor = clean.Length == 0 ? Nobody : clean[..Math.Min(clean.Length, LongestName)];
    }
}

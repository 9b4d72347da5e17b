using Observability.Model;

namespace Observability.Console;

/// <summary>Where the console's commands go: the same handlers that REST and chat use.</summary>
public interface ICommandDoor
{
    /// <summary>True where a command is taken only from somebody with an API key.</summary>
    bool NeedsKey { get; }

    /// <summary>Whose key this is; null where it is nobody's.</summary>
    string? OwnerOf(string key);

    /// <summary>Hands a command over; the answer says whether it was taken, and if not, why.</summary>
    ValueTask<CommandOutcome> SubmitAsync(Command command, CancellationToken cancellationToken);
}

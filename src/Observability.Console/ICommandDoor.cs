using Observability.Model;

namespace Observability.Console;

/// <summary>Where the console's commands go: the same handlers that REST and chat use.</summary>
public interface ICommandDoor
{
    /// <summary>Hands a command over; the answer says whether it was taken, and if not, why.</summary>
    ValueTask<CommandOutcome> SubmitAsync(Command command, CancellationToken cancellationToken);
}

using Observability.Model;

namespace Observability.Console.Tests;

/// <summary>Keeps what was asked and answers as told.</summary>
internal sealed class RecordingDoor : ICommandDoor
{
    public List<Command> Commands { get; } = [];

    public CommandOutcome Outcome { get; set; } = CommandOutcome.Ok();

    public ValueTask<CommandOutcome> SubmitAsync(Command command, CancellationToken cancellationToken)
    {
        Commands.Add(command);
        return ValueTask.FromResult(Outcome);
    }
}

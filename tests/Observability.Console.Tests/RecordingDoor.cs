using Observability.Model;

namespace Observability.Console.Tests;

/// <summary>Keeps what was asked and answers as told.</summary>
internal sealed class RecordingDoor : ICommandDoor
{
    public List<Command> Commands { get; } = [];

    /// <summary>The only key there is; empty where none is needed.</summary>
    public string Key { get; set; } = "";

    public bool NeedsKey => Key.Length > 0;

    public string? OwnerOf(string key) => key == Key ? "ada" : null;

    public CommandOutcome Outcome { get; set; } = CommandOutcome.Ok();

    public ValueTask<CommandOutcome> SubmitAsync(Command command, CancellationToken cancellationToken)
    {
        Commands.Add(command);
        return ValueTask.FromResult(Outcome);
    }
}

using Observability.Model;

namespace Observability.Console;

/// <summary>What a person reads after a command.</summary>
/// <param name="Accepted">True where it was taken.</param>
/// <param name="Text">What happened, or why it was refused and what to change.</param>
public sealed record Answer(bool Accepted, string Text)
{
    /// <summary>In the console's words.</summary>
    public static Answer To(CommandOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.Accepted
            ? new Answer(true, outcome.Message.Length > 0 ? $"Done. {outcome.Message}" : "Done.")
            : new Answer(false, $"Refused: {outcome.Message}");
    }
}

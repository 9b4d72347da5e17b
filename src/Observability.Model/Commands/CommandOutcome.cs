namespace Observability.Model;

/// <summary>The answer to a command.</summary>
/// <param name="Accepted">True where it was journaled and handed on.</param>
/// <param name="Message">What happened, or why it was refused and what to change.</param>
public sealed record CommandOutcome(bool Accepted, string Message)
{
    /// <summary>An accepted command.</summary>
    public static CommandOutcome Ok(string message = "") => new(true, message);

    /// <summary>A refused command.</summary>
    public static CommandOutcome Refused(string message) => new(false, message);
}

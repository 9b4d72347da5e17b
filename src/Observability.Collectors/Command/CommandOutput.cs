namespace Observability.Collectors;

/// <summary>What a command printed.</summary>
/// <param name="Text">Standard output, and standard error behind it where the command failed.</param>
/// <param name="Error">Why it is not to be trusted: not found, exit code, timeout, too much output; empty where all went well.</param>
internal sealed record CommandOutput(string Text, string Error);

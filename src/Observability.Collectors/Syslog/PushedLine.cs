namespace Observability.Collectors;

/// <summary>A kernel line that somebody pushed.</summary>
/// <param name="Host">The node it belongs to: what the line or the request says, else the sender's address.</param>
/// <param name="Line">The line without its wrapper; null where the text is still to be read.</param>
/// <param name="Text">The text as it came.</param>
internal readonly record struct PushedLine(string Host, KernelLine? Line, string Text);

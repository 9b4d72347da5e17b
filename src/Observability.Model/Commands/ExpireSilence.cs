namespace Observability.Model;

/// <summary>Ends a silence now.</summary>
public sealed record ExpireSilence(string SilenceId) : Command;

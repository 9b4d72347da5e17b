namespace Observability.Model;

/// <summary>Silences matching alerts for a while.</summary>
public sealed record CreateSilence(Silence Silence) : Command;

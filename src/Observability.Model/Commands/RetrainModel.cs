namespace Observability.Model;

/// <summary>Trains the classifier of actionability now, whatever the schedule says. A version that is not worse is put in use.</summary>
public sealed record RetrainModel : Command;

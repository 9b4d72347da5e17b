namespace Observability.Model;

/// <summary>Puts a version of the classifier of actionability in use, an older one to go back.</summary>
/// <param name="Version">A version of the shelf, or <c>shipped</c>.</param>
public sealed record UseModel(string Version) : Command;

namespace Observability.Content;

/// <summary>An object of an OpenSLO file: its kind and name, and its spec still to be read.</summary>
/// <param name="Kind">SLO, SLI, AlertPolicy, AlertCondition …</param>
/// <param name="Name">From its metadata; empty for an inline object without one.</param>
/// <param name="DisplayName">From its metadata.</param>
/// <param name="Annotations">From its metadata.</param>
/// <param name="IsDraft">True for v2alpha, whose keys differ from v1.</param>
/// <param name="Spec">The spec.</param>
internal sealed record OpenSloObject(
    string Kind, string Name, string DisplayName, IReadOnlyDictionary<string, string> Annotations, bool IsDraft, YamlMap Spec);

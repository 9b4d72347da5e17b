using Observability.Model;

namespace Observability.Incidents;

/// <summary>What lies beside a model: where it comes from, how good it is, and what alerts looked like when it was trained.</summary>
/// <param name="Model">Version, data, split and figures.</param>
/// <param name="Features">Names of its features: another version of the platform may have others.</param>
/// <param name="Reference">What drift is measured against.</param>
public sealed record ModelCard(ModelVersion Model, IReadOnlyList<string> Features, ModelReference Reference);

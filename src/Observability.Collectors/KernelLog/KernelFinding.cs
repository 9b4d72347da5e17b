using Observability.Model;

namespace Observability.Collectors;

/// <summary>What a kernel line says.</summary>
/// <param name="Code">The event's code; <c>gpu:map</c> for the line that names a GPU's UUID.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Labels">What it is about.</param>
/// <param name="Fields">What it says.</param>
/// <param name="Raw">The line.</param>
public sealed record KernelFinding(string Code, EventSource Source, LabelSet Labels, LabelSet Fields, string Raw);

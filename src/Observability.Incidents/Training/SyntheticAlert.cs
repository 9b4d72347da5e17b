using Observability.Model;

namespace Observability.Incidents;

/// <summary>An alert of a story.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Fault">Which fault of the story it belongs to; -1 for noise.</param>
/// <param name="ArrivesAt">When the platform sees it; later than it began where its sender is late.</param>
internal sealed record SyntheticAlert(Alert Alert, int Fault, DateTimeOffset ArrivesAt);

using Observability.Model;

namespace Observability.Collectors;

/// <summary>An alert as it was posted, and whether its end is only the resolve timeout.</summary>
internal sealed record PostedAlert(Alert Alert, DateTimeOffset EndsAt, bool IsTimeout);

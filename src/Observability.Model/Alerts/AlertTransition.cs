namespace Observability.Model;

/// <summary>A change of an alert's state: what deduplication lets through. The journal stores it.</summary>
/// <param name="Alert">The alert after the change.</param>
/// <param name="Kind">What changed.</param>
/// <param name="At">When the platform learned of it.</param>
public sealed record AlertTransition(Alert Alert, AlertTransitionKind Kind, DateTimeOffset At);

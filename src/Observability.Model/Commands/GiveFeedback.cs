namespace Observability.Model;

/// <summary>Says whether a verdict was right, or an alert worth the interruption.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="WasUseful">False for noise.</param>
/// <param name="TrueCause">The real culprit, where the person knows it.</param>
public sealed record GiveFeedback(string IncidentId, bool WasUseful, EntityId? TrueCause) : Command;

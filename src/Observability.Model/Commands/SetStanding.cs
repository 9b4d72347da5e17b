namespace Observability.Model;

/// <summary>Promotes or demotes a rule or detector by hand; its record begins anew.</summary>
/// <param name="Rule">Which one.</param>
/// <param name="To">Where it shall stand.</param>
/// <param name="IsPinned">True to keep it there whatever is measured.</param>
public sealed record SetStanding(RuleId Rule, Standing To, bool IsPinned) : Command;

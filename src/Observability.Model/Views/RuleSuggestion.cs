namespace Observability.Model;

/// <summary>One change of a rule that its own past argues for.</summary>
/// <param name="Rule">The rule to change.</param>
/// <param name="Kind">What kind of change.</param>
/// <param name="Other">The other rule it is about; null where it is about one.</param>
/// <param name="Change">What to write, in words or as in a rule file.</param>
/// <param name="Because">The counts that argue for it.</param>
/// <param name="Effect">What it would have done to the firings that are remembered.</param>
public sealed record RuleSuggestion(RuleId Rule, SuggestionKind Kind, RuleId? Other, string Change, string Because, string Effect);

namespace Observability.Model;

/// <summary>What might be changed about a rule.</summary>
public enum SuggestionKind
{
    /// <summary>A longer <c>for:</c>: most firings are over soon.</summary>
    WaitLonger,

    /// <summary>A <c>keep_firing_for:</c>: it ends and begins again.</summary>
    KeepFiring,

    /// <summary>Two rules say the same.</summary>
    Merge,

    /// <summary>A rule that only says what another one has said before.</summary>
    Inhibit,

    /// <summary>Into shadow: nobody ever does anything about it, or it is mostly wrong.</summary>
    Demote,
}

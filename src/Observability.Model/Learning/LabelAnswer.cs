namespace Observability.Model;

/// <summary>What the on-call says of an alert.</summary>
public enum LabelAnswer
{
    /// <summary>It was worth waking someone.</summary>
    Yes,

    /// <summary>It was not.</summary>
    No,

    /// <summary>The person cannot tell; nothing is learnt from it, and it is not asked again.</summary>
    Unknown,
}

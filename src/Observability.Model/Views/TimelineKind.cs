namespace Observability.Model;

/// <summary>What a line of an incident's timeline is about.</summary>
public enum TimelineKind
{
    /// <summary>An alert joined or ended.</summary>
    Alert,

    /// <summary>The incident itself changed.</summary>
    Incident,

    /// <summary>A verdict.</summary>
    Verdict,

    /// <summary>A runbook execution or one of its steps.</summary>
    Action,

    /// <summary>A person did something.</summary>
    Person,

    /// <summary>A message left.</summary>
    Notification,
}

namespace Observability.Model;

/// <summary>What changed in an incident.</summary>
public enum IncidentChangeKind
{
    /// <summary>A first alert opened it.</summary>
    Opened,

    /// <summary>An alert joined.</summary>
    AlertJoined,

    /// <summary>One of its alerts ended.</summary>
    AlertResolved,

    /// <summary>It has gathered long enough to be judged.</summary>
    Settled,

    /// <summary>A verdict was reached or revised.</summary>
    VerdictReached,

    /// <summary>It became part of another.</summary>
    Merged,

    /// <summary>A part of it went its own way.</summary>
    Split,

    /// <summary>A person acknowledged it.</summary>
    Acknowledged,

    /// <summary>A person took it.</summary>
    Assigned,

    /// <summary>A person wrote a note.</summary>
    Annotated,

    /// <summary>Its last alert ended.</summary>
    Resolved,

    /// <summary>Nobody is told of it any more, or for another reason or until another time than before.</summary>
    Muted,

    /// <summary>An alert of it fires that nothing keeps quiet: it tells from now on.</summary>
    Unmuted,
}

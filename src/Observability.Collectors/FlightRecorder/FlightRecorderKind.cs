namespace Observability.Collectors;

/// <summary>What the flight recorders of a job show. The order is the order of proof: a finding above needs less inference than one below.</summary>
public enum FlightRecorderKind
{
    /// <summary>Nothing is outstanding and no rank stands out.</summary>
    Healthy,

    /// <summary>The rank called another operation than its group did at the same place.</summary>
    OperationMismatch,

    /// <summary>The rank called the same operation with another element type.</summary>
    TypeMismatch,

    /// <summary>The rank called the same operation with another number of elements.</summary>
    SizeMismatch,

    /// <summary>The rank enqueued an operation that its peers completed and it did not: its device or its process is stuck.</summary>
    NotCompleted,

    /// <summary>The rank enqueued an operation that its peers started on their devices and it did not.</summary>
    NotStarted,

    /// <summary>The rank did not enqueue an operation that its peers wait in, and waits for nobody itself.</summary>
    NotEnqueued,

    /// <summary>The rank did not post its half of a send or receive, and waits for nobody itself.</summary>
    PointToPoint,

    /// <summary>The rank left no dump, and the others wait for nobody else.</summary>
    NoDump,

    /// <summary>The rank comes last to collectives that all complete: the others wait for it each time.</summary>
    Slow,

    /// <summary>Every member is in the same operation and none completes it: it runs, or the path between the members is broken.</summary>
    Unresolved,
}

namespace Observability.Metrics;

/// <summary>How many series of one side may match one of the other.</summary>
public enum MatchCardinality
{
    /// <summary>One on each side.</summary>
    OneToOne,

    /// <summary><c>group_left</c>: many on the left.</summary>
    ManyToOne,

    /// <summary><c>group_right</c>: many on the right.</summary>
    OneToMany,

    /// <summary>The set operators.</summary>
    ManyToMany,
}

namespace Observability.Server;

/// <summary>What became of one fault.</summary>
internal sealed record ScoredFault(LabelledFault Fault)
{
    /// <summary>Seconds from its first symptom to the first alert that speaks of it; null where none does.</summary>
    public double? Delay { get; init; }

    /// <summary>Seconds from its first symptom to the first verdict that names a right entity; null where none does.</summary>
    public double? VerdictDelay { get; init; }

    /// <summary>True where a right entity is ranked first.</summary>
    public bool IsFirst { get; init; }

    /// <summary>True where a right entity is among the first three.</summary>
    public bool IsInThree { get; init; }

    /// <summary>True where entity and class of the first are right.</summary>
    public bool IsRight { get; init; }

    /// <summary>True where the verdict names nobody.</summary>
    public bool Abstains { get; init; }

    /// <summary>True where an alert speaks of the very thing that is at fault, and not only of a job that suffers.</summary>
    public bool IsShown { get; init; }

    /// <summary>True where an alert speaks of it.</summary>
    public bool IsFound => Delay is not null;
}

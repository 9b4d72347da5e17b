namespace Observability.Model;

/// <summary>What the platform makes of an event code. The catalogue is data: <c>rules/faults/*.yaml</c>.</summary>
public sealed record FaultCatalogueRow
{
    /// <summary>The code as in <see cref="TelemetryEvent.Code"/>: <c>xid:79</c>.</summary>
    public required string Code { get; init; }

    /// <summary>What it means, for people.</summary>
    public required string Meaning { get; init; }

    /// <summary>One of <see cref="Model.FaultClass"/>.</summary>
    public required string FaultClass { get; init; }

    /// <summary><c>cause</c> or <c>symptom</c>.</summary>
    public required string Role { get; init; }

    /// <summary><c>critical</c>, <c>warning</c>, <c>info</c>, or <c>none</c> for count only.</summary>
    public required string Severity { get; init; }

    /// <summary>What to do: ignore, restart-app, reset-gpu, reboot-node, drain-and-inspect, replace.</summary>
    public required string Action { get; init; }

    /// <summary>How long the alert stays without a further event.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many events on one entity within <see cref="Window"/> it takes.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The window of <see cref="Count"/>.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Where the row's content comes from.</summary>
    public required string Reference { get; init; }

    /// <summary>Where it is written.</summary>
    public required SourceLine Source { get; init; }
}

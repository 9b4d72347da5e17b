namespace Observability.Server;

/// <summary>What <c>demo --headless --report</c> writes. The same seed gives the same report, <see cref="Process"/> apart.</summary>
public sealed record DemoReport
{
    /// <summary>The seed of fleet, script and noise.</summary>
    public required int Seed { get; init; }

    /// <summary>Nodes of the fleet.</summary>
    public required int Nodes { get; init; }

    /// <summary>Length of the run in virtual seconds.</summary>
    public required double VirtualSeconds { get; init; }

    /// <summary>One line per injected fault.</summary>
    public required IReadOnlyList<FaultLine> Faults { get; init; }

    /// <summary>Verdicts on trouble that nobody injected.</summary>
    public required IReadOnlyList<string> Unexplained { get; init; }

    /// <summary>The run in numbers.</summary>
    public required DemoTotals Totals { get; init; }

    /// <summary>What it cost on this machine; differs from run to run.</summary>
    public required ProcessCost Process { get; init; }
}

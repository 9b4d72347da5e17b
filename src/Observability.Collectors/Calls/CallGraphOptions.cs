namespace Observability.Collectors;

/// <summary>How long, and how much of, who calls whom is known.</summary>
public sealed class CallGraphOptions
{
    /// <summary>
    /// How long a call that is not seen again still counts. A service that is down makes no calls, and just then one must know whom it called:
    /// longer than an outage, shorter than the time between two rebuildings of a system.
    /// </summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Most pairs of caller and callee; further ones are refused and counted.</summary>
    public int CallLimit { get; set; } = 20_000;
}

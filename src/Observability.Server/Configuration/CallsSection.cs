using System.ComponentModel.DataAnnotations;
using Observability.Collectors;

namespace Observability.Server;

/// <summary>What is kept of who calls whom.</summary>
public sealed class CallsSection
{
    /// <summary>How long a call between services that is not seen again still counts.</summary>
    [Duration("10m", "90d")]
    public TimeSpan ForgetAfter { get; set; } = new CallGraphOptions().ForgetAfter;

    /// <summary>Most pairs of caller and callee.</summary>
    [Range(1, 1_000_000)]
    public int Limit { get; set; } = new CallGraphOptions().CallLimit;

    internal CallGraphOptions ToCollector() => new() { ForgetAfter = ForgetAfter, CallLimit = Limit };
}

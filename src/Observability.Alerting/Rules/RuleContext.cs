using Microsoft.Extensions.Logging;
using Observability.Metrics;

namespace Observability.Alerting;

/// <summary>What every rule of an evaluator shares; alerts and selections, what those of one group share.</summary>
internal sealed record RuleContext(
    IQueryEngine Engine, ISampleAppender Appender, GroupOutput Output, RuleOptions Options, ILogger Logger)
{
    /// <summary>What the rules of the group have in common in one round.</summary>
    public SharedSelections Shared { get; init; } = new([]);
}

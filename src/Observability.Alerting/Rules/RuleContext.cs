using Microsoft.Extensions.Logging;
using Observability.Metrics;

namespace Observability.Alerting;

/// <summary>What every rule of an evaluator shares.</summary>
internal sealed record RuleContext(
    IQueryEngine Engine, ISampleAppender Appender, GroupOutput Output, RuleOptions Options, ILogger Logger);

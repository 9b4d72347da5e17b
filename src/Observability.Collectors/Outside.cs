using Microsoft.Extensions.Logging;

namespace Observability.Collectors;

/// <summary>What every source needs from its surroundings: a way to call out, a clock, a log.</summary>
public sealed record Outside(HttpClient Http, TimeProvider Time, ILoggerFactory Logs);

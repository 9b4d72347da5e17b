using System.Text.RegularExpressions;
using Observability.Metrics;

namespace Observability.Server;

/// <summary>How rule unit tests run.</summary>
/// <param name="Queries">How the engine evaluates.</param>
/// <param name="Names">Which tests run; null for all.</param>
internal sealed record RuleTestOptions(QueryOptions Queries, Regex? Names = null);

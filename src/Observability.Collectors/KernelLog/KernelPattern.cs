using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>One row of the table of kernel lines: what a line must contain, what it matches, and what it then means.</summary>
internal sealed record KernelPattern(string Contains, Regex Regex, EventSource Source, string Code, EventSeverity Severity)
{
    /// <summary>The code of the opposite state, where the event is a change of state.</summary>
    public string Opposite { get; init; } = "";
}

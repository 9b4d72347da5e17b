using System.Globalization;
using Observability.Model;

namespace Observability.Response;

/// <summary>What a run would do, in words: for dry runs and for the strategies that only tell.</summary>
public static class RunbookPlan
{
    /// <summary>One line per precondition, step, check and return step, in order, with names filled in.</summary>
    public static IReadOnlyList<string> Of(Runbook runbook, RunbookExecution execution, Topology topology)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        ArgumentNullException.ThrowIfNull(execution);
        var template = new Template(execution, topology);
        var on = topology.NameOf(execution.Node ?? execution.Target);
        var lines = new List<string>();
        lines.AddRange(runbook.Preconditions.Select(check => $"only if {check.Name}: {template.Fill(check.Expression)}"));
        lines.AddRange(runbook.Steps.Select(step => Line(step, template, on)));
        lines.AddRange(runbook.Verification.Select(check => string.Create(
            CultureInfo.InvariantCulture, $"until {check.Name} for {runbook.Soak.TotalMinutes:0.#} min: {template.Fill(check.Expression)}")));
        lines.AddRange(runbook.Return.Select(step => Line(step, template, on)));
        return lines;
    }

    /// <summary>Why a run would be refused: a variable of the runbook has no value for this target; null where all have.</summary>
    public static string? Fault(Runbook runbook, RunbookExecution execution, Topology topology) => new Template(execution, topology).Fault(runbook);

    /// <summary>The preconditions and then the checks of the verification, with names filled in.</summary>
    public static IReadOnlyList<(string Name, string Expression)> Checks(Runbook runbook, RunbookExecution execution, Topology topology)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        var template = new Template(execution, topology);
        return [.. runbook.Preconditions.Concat(runbook.Verification).Select(check => (check.Name, template.Fill(check.Expression)))];
    }

    private static string Line(RunbookStep step, Template template, string on)
    {
        var parameters = string.Join(", ", template.Fill(step.Parameters).Select(pair => $"{pair.Key}={pair.Value}"));
        return $"{step.Action} {on}{(parameters.Length > 0 ? $" ({parameters})" : "")}";
    }
}

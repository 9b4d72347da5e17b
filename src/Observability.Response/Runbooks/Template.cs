using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Fills <c>{{ node }}</c>, <c>{{ gpu }}</c>, <c>{{ uuid }}</c>, <c>{{ device }}</c>, <c>{{ job }}</c> and <c>{{ incident }}</c>.
/// A name without a value is a fault: an empty matcher in PromQL would match every series that lacks the label.
/// </summary>
internal sealed partial class Template
{
    private readonly Dictionary<string, string> _words;
    private readonly EntityId _target;

    public Template(RunbookExecution execution, Topology topology)
    {
        _target = execution.Target;
        var entity = topology.Find(execution.Target);
        var isGpu = execution.Target.Kind == EntityKind.Gpu;
        _words = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["node"] = execution.Node?.Name ?? "",
            ["gpu"] = entity?.Attributes["gpu"] ?? "",
            ["uuid"] = isGpu ? execution.Target.Name : entity?.Attributes["UUID"] ?? "",
            ["device"] = entity?.Attributes["device"] ?? "",
            ["job"] = topology.JobsOn(execution.Target).Select(id => id.Name).FirstOrDefault(""),
            ["incident"] = execution.IncidentId,
        };
    }

    public string Fill(string text) => Variable().Replace(text, match => Escape(_words.GetValueOrDefault(match.Groups[1].Value, match.Value)));

    public LabelSet Fill(LabelSet parameters) => LabelSet.From(parameters.Select(pair => KeyValuePair.Create(pair.Key, Fill(pair.Value))));

    /// <summary>The first variable of a runbook that has no value for this target, in a sentence; null where all have.</summary>
    public string? Fault(Runbook runbook)
    {
        var steps = runbook.Steps.Concat(runbook.Return).Concat(runbook.Rollback).SelectMany(step => step.Parameters.Select(pair => (pair.Value, step.Source)));
        var checks = runbook.Preconditions.Concat(runbook.Verification).Select(check => (Value: check.Expression, check.Source));
        foreach (var (text, source) in steps.Concat(checks))
        {
            foreach (Match match in Variable().Matches(text))
            {
                var name = match.Groups[1].Value;
                if (_words.GetValueOrDefault(name, "").Length == 0)
                    return $"{source}: '{{{{ {name} }}}}' has no value for {_target}";
            }
        }

        return null;
    }

    // Values land inside PromQL strings.
    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    [GeneratedRegex(@"\{\{\s*([A-Za-z_]+)\s*\}\}")]
    private static partial Regex Variable();
}

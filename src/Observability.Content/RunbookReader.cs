using System.Collections.Immutable;
using Observability.Model;
using YamlDotNet.RepresentationModel;

namespace Observability.Content;

/// <summary>
/// Reads a runbook: Markdown that people read, with YAML front matter between two lines of <c>---</c> that the engine runs.
/// </summary>
public static class RunbookReader
{
    /// <summary>Reads one file.</summary>
    /// <param name="file">Path, for findings and for the runbook's name.</param>
    /// <param name="text">Its content.</param>
    /// <param name="actions">Actions that steps may name.</param>
    public static ContentResult<Runbook> Read(string file, string text, IReadOnlyCollection<string> actions)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var end = Array.IndexOf(lines, "---", 1);
        if (lines[0] != "---" || end < 0)
            return new ContentResult<Runbook>([], [new Finding(new SourceLine(file, 1), "a runbook begins with front matter between two lines of ---")]);
        var yaml = new YamlSource(file, lineOffset: 1);
        var body = string.Join('\n', lines[(end + 1)..]).Trim();
        if (yaml.Root(string.Join('\n', lines[1..end])) is not { } root || yaml.Mapping(root, "runbook") is not { } top)
            return new ContentResult<Runbook>([], yaml.Findings);
        var heading = body.Split('\n').FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal));
        if (heading is null)
            yaml.Fault(root, "runbook: the text has no heading ('# …'), which is its title");
        var runbook = Build(yaml, top, (file, heading?[2..].Trim() ?? ""), body, actions);
        return new ContentResult<Runbook>(yaml.Findings.Count == 0 ? [runbook] : [], yaml.Findings);
    }

    private static Runbook Build(YamlSource yaml, YamlMappingNode top, (string File, string Title) name, string body, IReadOnlyCollection<string> actions)
    {
        yaml.Known(top, "runbook", "triggers", "maximum_strategy", "risk", "preconditions", "steps", "verification", "soak", "return", "rollback", "escalation", "hold_expiry");
        var steps = Steps(yaml, top, "steps", actions);
        if (steps.IsEmpty)
            yaml.Fault(top, "runbook.steps: at least one step is needed");
        return new Runbook
        {
            Id = Path.GetFileNameWithoutExtension(name.File),
            Title = name.Title,
            Trigger = Trigger(yaml, top),
            MaximumStrategy = Strategy(yaml, top),
            Risk = OneOf(yaml, top, "risk", "low", "medium", "high"),
            Preconditions = Checks(yaml, top, "preconditions"),
            Steps = steps,
            Verification = Checks(yaml, top, "verification"),
            Soak = yaml.Duration(top, "soak", "runbook", TimeSpan.FromMinutes(5)),
            Return = Steps(yaml, top, "return", actions),
            Rollback = Steps(yaml, top, "rollback", actions),
            Escalation = yaml.Text(top, "escalation", "runbook"),
            HoldExpiry = yaml.Duration(top, "hold_expiry", "runbook", TimeSpan.FromHours(24)),
            Body = body,
            Source = yaml.At(top),
        };
    }

    private static RunbookTrigger Trigger(YamlSource yaml, YamlMappingNode top)
    {
        if (yaml.Mapping(YamlSource.Get(top, "triggers"), "triggers") is not { } mapping)
        {
            if (YamlSource.Get(top, "triggers") is null)
                yaml.Fault(top, "runbook.triggers: is missing");
            return new RunbookTrigger([], 1, []);
        }

        yaml.Known(mapping, "triggers", "fault_classes", "minimum_confidence", "entity_kinds");
        var kinds = ImmutableArray.CreateBuilder<EntityKind>();
        foreach (var node in yaml.Items(YamlSource.Get(mapping, "entity_kinds"), "triggers.entity_kinds"))
        {
            if (Enum.TryParse<EntityKind>(node.ToString(), ignoreCase: true, out var kind))
                kinds.Add(kind);
            else
                yaml.Fault(node, $"triggers.entity_kinds: '{node}' is not a kind of entity");
        }

        var confidence = yaml.Number(mapping, "minimum_confidence", "triggers", 0);
        if (confidence is < 0 or > 1)
            yaml.Fault(mapping, $"triggers.minimum_confidence: {confidence} is outside 0 to 1");
        var classes = yaml.Items(YamlSource.Get(mapping, "fault_classes"), "triggers.fault_classes").Select(node => node.ToString());
        return new RunbookTrigger([.. classes], confidence, kinds.ToImmutable());
    }

    private static Strategy Strategy(YamlSource yaml, YamlMappingNode top)
    {
        var text = OneOf(yaml, top, "maximum_strategy", "observe", "suggest", "ask", "act");
        return Enum.TryParse<Strategy>(text, ignoreCase: true, out var strategy) ? strategy : Model.Strategy.Observe;
    }

    private static string OneOf(YamlSource yaml, YamlMappingNode top, string name, params string[] known)
    {
        var text = yaml.Text(top, name, "runbook", required: true);
        if (text.Length > 0 && !known.Contains(text))
            yaml.Fault(top, $"runbook.{name}: '{text}' is not one of {string.Join(", ", known)}");
        return text;
    }

    private static ImmutableArray<RunbookCheck> Checks(YamlSource yaml, YamlMappingNode top, string name)
    {
        var checks = ImmutableArray.CreateBuilder<RunbookCheck>();
        foreach (var node in yaml.Items(YamlSource.Get(top, name), name))
        {
            if (yaml.Mapping(node, name) is not { } mapping)
                continue;
            yaml.Known(mapping, name, "name", "expr");
            checks.Add(new RunbookCheck(yaml.Text(mapping, "name", name, required: true), yaml.Text(mapping, "expr", name, required: true), yaml.At(mapping)));
        }

        return checks.ToImmutable();
    }

    private static ImmutableArray<RunbookStep> Steps(YamlSource yaml, YamlMappingNode top, string name, IReadOnlyCollection<string> actions)
    {
        var steps = ImmutableArray.CreateBuilder<RunbookStep>();
        foreach (var node in yaml.Items(YamlSource.Get(top, name), name))
        {
            if (yaml.Mapping(node, name) is not { } mapping)
                continue;
            yaml.Known(mapping, name, "id", "action", "with", "timeout", "attempts");
            var step = new RunbookStep
            {
                Id = yaml.Text(mapping, "id", name, required: true),
                Action = yaml.Text(mapping, "action", name, required: true),
                Parameters = yaml.Labels(mapping, "with", name),
                Timeout = yaml.Duration(mapping, "timeout", name, TimeSpan.FromMinutes(1)),
                Attempts = (int)yaml.Number(mapping, "attempts", name, 3),
                Source = yaml.At(mapping),
            };
            if (step.Action.Length > 0 && !actions.Contains(step.Action))
                yaml.Fault(mapping, $"{name}: step {step.Id} has the unknown action '{step.Action}'; known are {string.Join(", ", actions.Order(StringComparer.Ordinal))}");
            if (steps.Any(other => other.Id == step.Id))
                yaml.Fault(mapping, $"{name}: step {step.Id} stands twice");
            steps.Add(step);
        }

        return steps.ToImmutable();
    }
}

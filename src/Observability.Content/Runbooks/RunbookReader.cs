using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Content;

/// <summary>Reads a runbook: Markdown for people with YAML front matter for the engine.</summary>
/// <remarks>
/// <code>
/// ---
/// triggers: {fault_classes: [gpu_off_bus], minimum_confidence: 0.9, entity_kinds: [gpu]}
/// maximum_strategy: act
/// risk: medium
/// preconditions: [{name: the node answers, expr: 'up{node="{{ node }}"} == 1'}]
/// steps: [{id: cordon, action: kubernetes.cordon, with: {reason: gpu}, timeout: 1m, attempts: 3}]
/// verification: [{name: all GPUs answer, expr: '…'}]
/// soak: 10m
/// return: [{id: uncordon, action: kubernetes.uncordon}]
/// rollback: [{id: release, action: kubernetes.uncordon}]
/// escalation: gpu-oncall
/// hold_expiry: 24h
/// ---
/// # GPU has fallen off the bus
/// </code>
/// </remarks>
public static partial class RunbookReader
{
    private const string Fence = "---";

    // Two steps with one operation id would count as one operation, and the second would never be carried out.
    private const string RollbackPrefix = "rollback-";

    /// <summary>The runbook; null where it has a fault. Its id is the file's name without extension.</summary>
    /// <param name="file">The file.</param>
    /// <param name="knownActions">Actions that somebody can carry out; a step with another one is refused.</param>
    public static ReadResult<Runbook?> Read(ContentFile file, IReadOnlySet<string> knownActions)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(knownActions);
        var findings = new Findings();
        var lines = file.Text.ReplaceLineEndings("\n").Split('\n');
        var end = Array.IndexOf(lines, Fence, 1);
        if (lines[0] != Fence || end < 0)
        {
            findings.Add(new SourceLine(file.Path, 1), "has no front matter; begin with a line --- and end it with another");
            return findings.With<Runbook?>(null);
        }

        var front = file with { Text = string.Join('\n', lines[1..end]) };
        var map = YamlDocument.FirstMap(front, findings, lineOffset: 1);
        if (map is null && findings.Count == 0)
            findings.Add(new SourceLine(file.Path, 1), "has an empty front matter; it needs triggers and steps");
        if (map is null)
            return findings.With<Runbook?>(null);
        var runbook = ReadFrontMatter(file.Path, map, knownActions) with { Body = string.Join('\n', lines[(end + 1)..]).Trim() };
        runbook = runbook with { Title = Heading(runbook.Body) };
        if (runbook.Title.Length == 0)
            findings.Add(new SourceLine(file.Path, end + 1), "has no heading; write a line '# Title' after the front matter");
        return findings.With(findings.Count == 0 ? runbook : null);
    }

    private static Runbook ReadFrontMatter(string path, YamlMap map, IReadOnlySet<string> knownActions)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var runbook = new Runbook
        {
            Id = Path.GetFileNameWithoutExtension(path),
            Title = "",
            Trigger = ReadTrigger(map),
            MaximumStrategy = Enum.Parse<Strategy>(map.OneOf("maximum_strategy", "observe", "suggest", "ask", "act"), ignoreCase: true),
            Risk = map.OneOf("risk", "high", "medium", "low"),
            Preconditions = ReadChecks(map, "preconditions"),
            Steps = ReadSteps(map, "steps", knownActions, ids),
            Verification = ReadChecks(map, "verification"),
            Soak = map.Duration("soak") ?? TimeSpan.FromMinutes(5),
            Return = ReadSteps(map, "return", knownActions, ids),
            // A rollback often undoes with the very step of the return: its operations carry the prefix, so it may share ids.
            Rollback = ReadSteps(map, "rollback", knownActions, new HashSet<string>(StringComparer.Ordinal)),
            Escalation = map.Text("escalation") ?? "",
            HoldExpiry = map.Duration("hold_expiry") ?? TimeSpan.FromHours(24),
            Source = new SourceLine(path, 1),
        };
        foreach (var key in (ReadOnlySpan<string>)["maximum_strategy", "risk", "steps"])
        {
            if (!map.Has(key))
                map.Fault(key, "is missing");
        }

        if (map.Has("steps") && runbook.Steps.IsEmpty)
            map.Fault("steps", "must have at least one step");
        if (!runbook.Return.IsEmpty && runbook.Verification.IsEmpty)
            map.Fault("return", "needs a verification: nothing returns to service unchecked");
        if (runbook.HoldExpiry <= TimeSpan.Zero)
            map.Fault("hold_expiry", "must be longer than 0");
        map.Close();
        return runbook;
    }

    private static RunbookTrigger ReadTrigger(YamlMap map)
    {
        if (map.Map("triggers") is not { } triggers)
        {
            if (!map.Has("triggers"))
                map.Fault("triggers", "is missing");
            return new RunbookTrigger([], 1, []);
        }

        var classes = triggers.Texts("fault_classes");
        if (classes.Count == 0)
            triggers.Fault("fault_classes", "must name at least one fault class");
        foreach (var name in classes.Where(name => !FaultClass.All.Contains(name)))
            triggers.Fault("fault_classes", $"has '{name}'; use {string.Join(", ", FaultClass.All.Order(StringComparer.Ordinal))}");
        var confidence = triggers.Number("minimum_confidence") ?? 1;
        if (!triggers.Has("minimum_confidence"))
            triggers.Fault("minimum_confidence", "is missing");
        else if (confidence is not (>= 0 and <= 1))
            triggers.Fault("minimum_confidence", $"is {confidence}; use 0 to 1");
        var kinds = ImmutableArray.CreateBuilder<EntityKind>();
        foreach (var word in triggers.Texts("entity_kinds"))
        {
            if (Enum.TryParse<EntityKind>(word, ignoreCase: true, out var kind) && Enum.IsDefined(kind))
                kinds.Add(kind);
            else
                triggers.Fault("entity_kinds", $"has '{word}'; use {string.Join(", ", Enum.GetNames<EntityKind>()).ToLowerInvariant()}");
        }

        triggers.Close();
        return new RunbookTrigger([.. classes], confidence, kinds.ToImmutable());
    }

    private static ImmutableArray<RunbookCheck> ReadChecks(YamlMap map, string key)
    {
        var checks = ImmutableArray.CreateBuilder<RunbookCheck>();
        foreach (var check in map.Maps(key))
        {
            checks.Add(new RunbookCheck(check.Required("name"), check.Required("expr"), check.At));
            check.Close();
        }

        return checks.ToImmutable();
    }

    private static ImmutableArray<RunbookStep> ReadSteps(
        YamlMap map, string key, IReadOnlySet<string> knownActions, HashSet<string> ids)
    {
        var steps = ImmutableArray.CreateBuilder<RunbookStep>();
        foreach (var item in map.Maps(key))
        {
            var step = new RunbookStep
            {
                Id = item.Required("id"),
                Action = item.Required("action"),
                Parameters = LabelSet.From(item.Pairs("with")),
                Timeout = item.Duration("timeout") ?? TimeSpan.FromMinutes(1),
                Attempts = item.Integer("attempts") ?? 3,
                Source = item.At,
            };
            if (step.Id.Length > 0 && !ids.Add(step.Id))
                item.Fault("id", $"'{step.Id}' is taken; ids are unique among steps and return, and in rollback");
            if (step.Id.StartsWith(RollbackPrefix, StringComparison.Ordinal))
                item.Fault("id", $"'{step.Id}' begins with {RollbackPrefix}, which names the operations of a rollback");
            if (step.Action.Length > 0 && !knownActions.Contains(step.Action))
                item.Fault("action", $"is '{step.Action}'; use {string.Join(", ", knownActions.Order(StringComparer.Ordinal))}");
            if (step.Attempts < 1)
                item.Fault("attempts", $"is {step.Attempts}; use 1 or more");
            if (step.Timeout <= TimeSpan.Zero)
                item.Fault("timeout", "must be longer than 0");
            item.Close();
            steps.Add(step);
        }

        return steps.ToImmutable();
    }

    private static string Heading(string body) => HeadingLine().Match(body) is { Success: true } match ? match.Groups[1].Value.Trim() : "";

    [GeneratedRegex(@"^#[ \t]+(.+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex HeadingLine();
}

using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Collectors;
using Observability.Metrics;
using Observability.Model;
using Observability.Response;

namespace Observability.Server;

/// <summary><c>observability runbook plan ID --target ENTITY</c>: what a run would do, without doing any of it.</summary>
internal static class RunbookCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "the runbook: its file name without .md" };
    private static readonly Option<string> Target = new("--target") { Description = "the culprit as kind:name, for example gpu:GPU-1d2… or node:node-001", Required = true };
    private static readonly Option<string> Content = new("--content") { Description = "folder with rules and runbooks", DefaultValueFactory = _ => "." };
    private static readonly Option<string> Topology = new("--topology") { Description = "file or URL of the topology, to find the node of a part", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Server = new("--server") { Description = "a running server to ask whether preconditions hold now", DefaultValueFactory = _ => "" };

    public static System.CommandLine.Command Build()
    {
        var plan = new System.CommandLine.Command("plan", "print what a run would do: preconditions, steps, checks, return") { Id, Target, Content, Topology, Server };
        plan.SetAction(PlanAsync);
        return new System.CommandLine.Command("runbook", "look at runbooks") { plan };
    }

    private static async Task<int> PlanAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!EntityId.TryParse(parsed.GetValue(Target), out var target))
            return await RefuseAsync($"--target: '{parsed.GetValue(Target)}' is not an entity; write kind:name with one of {string.Join(", ", Enum.GetNames<EntityKind>().Select(OptionValue.SnakeCase))}");
        var root = parsed.GetValue(Content)!;
        var (content, findings) = ContentCheck.Read(Path.Combine(root, "rules"), Path.Combine(root, "runbooks"));
        if (content.Runbooks.FirstOrDefault(one => one.Id == parsed.GetValue(Id)) is not { } runbook)
            return await RefuseAsync(string.Join('\n', findings.Select(finding => finding.ToString()).Append($"runbook '{parsed.GetValue(Id)}' is unknown; there are {string.Join(", ", content.Runbooks.Select(one => one.Id))}")));
        var (topology, fault) = await TopologyAsync(parsed.GetValue(Topology)!, cancellationToken);
        if (fault.Length > 0)
            return await RefuseAsync(fault);
        if (parsed.GetValue(Topology)!.Length > 0 && topology.Find(target) is null)
            return await RefuseAsync($"--target: {target} is not in {parsed.GetValue(Topology)}");
        return await PrintAsync(runbook, RunOf(runbook, target, topology), topology, parsed.GetValue(Server)!, cancellationToken);
    }

    private static async Task<int> PrintAsync(Runbook runbook, RunbookExecution execution, Topology topology, string server, CancellationToken cancellationToken)
    {
        System.Console.WriteLine($"{runbook.Id}: {runbook.Title}");
        System.Console.WriteLine($"at most {OptionValue.SnakeCase(runbook.MaximumStrategy.ToString())}, risk {runbook.Risk}, on {topology.NameOf(execution.Target)}{(execution.Node is { } node ? $" of {node}" : "")}; nothing of this is done now");
        foreach (var line in RunbookPlan.Of(runbook, execution, topology))
            System.Console.WriteLine($"  {line}");
        if (RunbookPlan.Fault(runbook, execution, topology) is { } fault)
        {
            System.Console.WriteLine($"{fault}; such a run would be refused{(topology.Entities.Count == 0 ? " (give --topology)" : "")}");
            return 1;
        }

        return server.Length == 0 ? 0 : await AskAsync(runbook, execution, topology, server, cancellationToken);
    }

    private static async Task<int> AskAsync(Runbook runbook, RunbookExecution execution, Topology topology, string server, CancellationToken cancellationToken)
    {
        using var remote = RemoteServer.From(new SeriesOptions { RemoteUrl = server })!;
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (name, expression) in RunbookPlan.Checks(runbook, execution, topology))
        {
            var result = await remote.Engine.QueryAsync(expression, now, cancellationToken);
            var holds = result.Error is { } error ? error.Message
                : result.Kind == QueryResultKind.Scalar ? (result.Scalar.Value != 0 ? "holds now" : "does not hold now")
                : result.Vector.Any(sample => sample.Sample.Value != 0) ? "holds now" : "does not hold now";
            System.Console.WriteLine($"  {name}: {holds}");
        }

        return 0;
    }

    private static RunbookExecution RunOf(Runbook runbook, EntityId target, Topology topology)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new RunbookExecution
        {
            Id = $"INC-PLAN/{runbook.Id}/1",
            IncidentId = "INC-PLAN",
            RunbookId = runbook.Id,
            Target = target,
            Node = topology.NodeOf(target),
            Strategy = Strategy.Observe,
            State = ExecutionState.Observed,
            Reason = "a plan",
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private static async Task<(Topology Topology, string Fault)> TopologyAsync(string location, CancellationToken cancellationToken)
    {
        var view = new Kept();
        using var http = new HttpClient();
        var follower = new TopologyFollower(new TopologyOptions { Location = location }, view, new Outside(http, TimeProvider.System, NullLoggerFactory.Instance));
        await follower.RunDueAsync(TimeProvider.System.GetUtcNow(), cancellationToken);
        return (view.Current, string.Join('\n', follower.Errors.Select(error => $"{location}: {error}")));
    }

    private static async Task<int> RefuseAsync(string message)
    {
        await System.Console.Error.WriteLineAsync(message);
        return 2;
    }

    private sealed class Kept : ITopologySink
    {
        public Topology Current { get; private set; } = Model.Topology.Empty;

        public void Apply(TopologyChange change) => Current = Current.Apply(change);
    }
}

using Observability.Model;

namespace Observability.Simulator;

/// <summary>An announcement that reaches the platform through its front door.</summary>
/// <param name="Kind"><c>maintenance_start</c>, <c>maintenance_end</c>, <c>deploy</c>.</param>
/// <param name="At">When.</param>
/// <param name="Of">Which node or job.</param>
/// <param name="Text">For people.</param>
public sealed record ChangeNotice(string Kind, DateTimeOffset At, EntityId Of, string Text)
{
    /// <summary>The label that names the node or job.</summary>
    public string Label => Of.Kind == EntityKind.Job ? "job_name" : "node";
}

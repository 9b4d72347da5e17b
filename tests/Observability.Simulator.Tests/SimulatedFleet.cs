using Observability.Model;
using Observability.Testing;

namespace Observability.Simulator.Tests;

/// <summary>A fleet at the tests' start, and short ways to look at it.</summary>
internal sealed class SimulatedFleet
{
    /// <summary>A small fleet whose jobs have <c>node-000</c>…: llm-70b half of them, then moe-8x22b, then vision-7b, then spares.</summary>
    public SimulatedFleet(int nodes = 16, int seed = 1, int startHour = 0, FleetTelemetry telemetry = FleetTelemetry.None) =>
        Fleet = new Fleet(new FleetOptions { Nodes = nodes, Seed = seed, Telemetry = telemetry }, Fleets.Start.AddHours(startHour));

    public Fleet Fleet { get; }

    public TrainingJob Job(string name) => Fleet.Job(name)!;

    public Gpu Gpu(int node, int gpu) => Fleet.SimNodes[node].Gpus[gpu];

    public Nic Nic(int node, int nic) => Fleet.SimNodes[node].Nics[nic];

    /// <summary>Called after every second, where somebody listens.</summary>
    public Action? Passed { get; set; }

    public SimulatedFleet After(double seconds)
    {
        if (Passed is null)
            Fleet.Advance(Fleet.Now.AddSeconds(seconds));
        for (var second = 0; Passed is not null && second < seconds; second++)
        {
            Fleet.Advance(Fleet.Now.AddSeconds(1));
            Passed();
        }

        return this;
    }

    /// <summary>Injects a fault that begins with the next second.</summary>
    public FaultSpec Inject(string kind, EntityId entity, double seconds = 100, string? id = null)
    {
        var fault = new FaultSpec(id ?? $"test-{kind}", kind, entity, Fleet.Now.AddSeconds(1), TimeSpan.FromSeconds(seconds));
        Fleet.Inject(fault);
        return fault;
    }

    /// <summary>Everything that a collector could read now, as one text.</summary>
    public string Everything()
    {
        var nodes = Fleet.SimNodes.Select(node =>
            Said(node, Exporters.Dcgm) + Said(node, Exporters.Node) + node.BootId + node.BootedByItsClock(Fleet.Now) + node.Log.After(-1, node.LogHeldSince));
        var jobs = Fleet.Jobs.Select(job => OtlpJson.Of(JobTelemetry.Of(job, Fleet)).ToJsonString() + job.Log.After(0).Text);
        return string.Concat(nodes.Concat(jobs));
    }

    private string Said(SimNode node, string exporter)
    {
        var text = new ExpositionWriter();
        if (node.Answers(exporter))
            Exporters.Read(node, exporter, Fleet, text);
        return text.ToString();
    }

    /// <summary>Messages of a node's kernel log that were written since the world began.</summary>
    public string[] KernelMessages(int node) =>
    [
        .. Fleet.SimNodes[node].Log.After(-1).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line[(line.IndexOf(';', StringComparison.Ordinal) + 1)..])
            .Where(message => !message.StartsWith("Linux version", StringComparison.Ordinal) && !message.StartsWith("NVRM: GPU at", StringComparison.Ordinal)),
    ];
}

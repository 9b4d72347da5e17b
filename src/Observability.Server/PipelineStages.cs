using Observability.Incidents;
using Observability.Model;
using Observability.Response;
using Observability.Slos;

namespace Observability.Server;

/// <summary>Every stage right of the hinge, and the topology they share.</summary>
public sealed record PipelineStages(TopologyView Topology, IncidentsOptions Incidents, ResponseOptions Response, IReadOnlyList<Runbook> Runbooks, LearnedModels Models, GpuHourPrice? Price = null)
{
    private Mute? _mute;

    /// <summary>Whether questions leave for chat too, beside the console.</summary>
    public bool AsksInChat { get; init; } = true;

    /// <summary>Repeats are held back.</summary>
    public Deduplicate Deduplicate { get; } = new(Incidents, Topology);

    /// <summary>What changes too often is marked.</summary>
    public DampFlapping DampFlapping { get; } = new(Incidents);

    /// <summary>What is not trusted yet only counts as shadow.</summary>
    public Standings Standings { get; init; } = new(new StandingOptions(), Topology);

    /// <summary>What people silenced is marked.</summary>
    public Silencer Silence { get; } = new();

    /// <summary>Symptoms below a cause are marked.</summary>
    public Inhibit Inhibit { get; } = new(Topology);

    /// <summary>What needs nobody is marked.</summary>
    public ScoreNoise ScoreNoise { get; } = new(Incidents, new OnCallMemory(Topology, Incidents.Questions), Models.Actionability);

    /// <summary>Alerts become incidents.</summary>
    public Correlate Correlate { get; } = new(Incidents, Topology);

    /// <summary>Incidents get a culprit.</summary>
    public RankCauses RankCauses { get; } = new(Incidents, Topology, Models.Causes);

    /// <summary>Budgets are charged.</summary>
    public ChargeBudget ChargeBudget { get; } = new(Topology, Price);

    /// <summary>What is silenced is told to nobody.</summary>
    public Mute Mute => _mute ??= new Mute(Silence.Silences, Topology);

    /// <summary>A runbook is chosen.</summary>
    public ChooseRunbook ChooseRunbook { get; } = new(Response, Topology, Runbooks);

    /// <summary>Too much at once is held back.</summary>
    public Guard Guard { get; } = new(Response, Topology);

    /// <summary>Steps are decided.</summary>
    public Execute Execute { get; } = new(Response, Topology, Runbooks);
}

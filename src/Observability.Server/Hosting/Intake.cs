using Observability.Collectors;

namespace Observability.Server;

/// <summary>Where whatever is read of the outside enters the platform.</summary>
/// <param name="Samples">Samples of scrapes and pushes.</param>
/// <param name="Events">Events of logs and changes.</param>
/// <param name="Topology">News of the fleet's shape.</param>
public sealed record Intake(ISampleSink Samples, IEventSink Events, ITopologySink Topology)
{
    /// <summary>The same, learning entities from the labels of what passes: for a fleet whose topology no file tells.</summary>
    public Intake Learning()
    {
        var learning = new LabelTopology(Samples, Events, Topology);
        return new Intake(learning, learning, Topology);
    }
}

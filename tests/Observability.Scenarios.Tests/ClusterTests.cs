using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Observability.Collectors;
using Observability.Model;
using Observability.Simulator;

namespace Observability.Scenarios.Tests;

/// <summary>The platform's reader of Kubernetes on the simulator's API, over HTTP.</summary>
public sealed class ClusterTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task SimulatedCluster_GivesNodesPodsAndJobsAndTellsOfASickNode()
    {
        var clock = new FakeTimeProvider(Start);
        // A watch of a second ends by the simulator's clock, so that one is the machine's.
        await using var simulator = new SimulatorHost(new Fleet(new FleetOptions { Nodes = 8, Seed = 3 }, Start), TimeProvider.System);
        await simulator.StartAsync(TestContext.Current.CancellationToken);
        simulator.Advance(Start);
        using var http = new HttpClient();
        var outside = new Outside(http, clock, NullLoggerFactory.Instance);
        using var connection = new KubernetesConnection(new KubernetesAccess(simulator.Url), outside);
        var seen = new Seen();
        var follower = new KubernetesFollower(connection, new Collectors.KubernetesOptions(), (seen, seen, seen), outside);

        await follower.RunDueAsync(Start, TestContext.Current.CancellationToken);

        var jobs = simulator.Fleet.Topology().Entities.Where(entity => entity.Id.Kind == EntityKind.Job).Select(entity => entity.Id).ToList();
        Assert.Equal(8, seen.Entities.Values.Count(entity => entity.Id.Kind == EntityKind.Node));
        var read = seen.Entities.Values.Where(entity => jobs.Contains(entity.Id)).ToList();
        Assert.Equal(jobs.Count, read.Count);
        // The simulator serves no objects of training operators: the jobs come from the labels of their pods.
        Assert.All(read, job => Assert.Contains(seen.Edges, edge => edge.To == job.Id && edge.From.Kind == EntityKind.Pod));
        Assert.Empty(seen.Events);

        var node = simulator.Fleet.Topology().Entities.First(entity => entity.Id.Kind == EntityKind.Node).Id;
        simulator.Fleet.Inject(new FaultSpec("down", FaultClass.NodeDown, node, Start.AddSeconds(10), TimeSpan.FromMinutes(10)));
        for (var second = 10; second <= 180; second += 10)
        {
            clock.SetUtcNow(Start.AddSeconds(second));
            simulator.Advance(clock.GetUtcNow());
        }

        await follower.RunDueAsync(clock.GetUtcNow(), TestContext.Current.CancellationToken);

        Assert.Contains(seen.Events, read => read.Code == "k8s:condition_ready" && read.Labels["node"] == node.Name);
    }

    private sealed class Seen : ISampleSink, IEventSink, ITopologySink
    {
        public Dictionary<EntityId, Entity> Entities { get; } = [];

        public List<TopologyEdge> Edges { get; } = [];

        public List<TelemetryEvent> Events { get; } = [];

        public void Append(SampleBatch batch)
        {
        }

        public void Publish(TelemetryEvent telemetryEvent) => Events.Add(telemetryEvent);

        public void Apply(TopologyChange change)
        {
            foreach (var entity in change.Entities)
                Entities[entity.Id] = entity;
            Edges.AddRange(change.Edges);
        }
    }
}

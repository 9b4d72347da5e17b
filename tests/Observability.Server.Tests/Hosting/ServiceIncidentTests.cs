using System.Text.Json;
using Observability.Model;

namespace Observability.Server.Tests.Hosting;

/// <summary>A small shop of five services, from spans and alerts over HTTP to one incident with its culprit.</summary>
public sealed class ServiceIncidentTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("services").FullName;

    public ServiceIncidentTests() =>
        // A file that knows nodes and no services leaves those alone that spans tell of.
        File.WriteAllText(TopologyFile, """{"entities":[{"id":"node:node-001","name":"node-001"}],"edges":[]}""");

    private string TopologyFile => Path.Combine(_state, "topology.json");

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public async Task ShopWithOneFaultyService_IsOneIncidentWithItFirst_AlsoAfterARestart()
    {
        string before;
        await using (var world = await World.StartAsync(Configure))
        {
            // web calls checkout and catalog, checkout calls payment, payment calls the ledger's database.
            foreach (var body in (string[])[Resource("catalog", Span(5, 1, 2)), Resource("payment", Span(3, 2, 2), Span(4, 3, 3, ("db.system", "postgresql"), ("server.address", "ledger"))),
                Resource("web", Span(1, 0, 2)), Resource("checkout", Span(2, 1, 2)), Resource("blog", Span(7, 8, 2))])
                Assert.Equal(200, (await world.PostAsync("/v1/traces", $$"""{"resourceSpans":[{{body}}]}""")).Status);
            await world.StepAsync(5);
            await PostAsync(world, ("WebLatencyHigh", "web"), ("CheckoutLatencyHigh", "checkout"), ("PaymentErrorsHigh", "payment"), ("PaymentPoolExhausted", "payment"), ("BlogErrorsHigh", "blog"));
            await world.StepAsync(60);

            var incident = Assert.Single(world.Snapshot.Incidents.Values, view => view.Incident.Entities.Contains(Service("payment"))).Incident;
            Assert.Equal(["service:checkout", "service:payment", "service:web"], incident.Entities.Select(entity => entity.ToString()));
            Assert.Equal(4, incident.AlertCount);
            // What nobody calls and calls nobody is no service of the graph, and an incident of its own.
            // The platform's own alert that nothing is scraped here stands beside them.
            Assert.Equal(
                ["", "service:checkout,service:payment,service:web", "service:collection"],
                world.Snapshot.Incidents.Values.Where(view => view.Incident.State != IncidentState.Merged).Select(view => string.Join(',', view.Incident.Entities)).Order(StringComparer.Ordinal));
            var verdict = incident.Verdict!;
            Assert.Equal((VerdictKind.NotHardware, "service:payment", "service payment is at fault: PaymentErrorsHigh, PaymentPoolExhausted"), (verdict.Kind, verdict.Entity.ToString(), verdict.Summary));
            Assert.Equal("service:payment", verdict.Causes[0].Entity.ToString());
            Assert.Contains(verdict.Evidence, line => line.Text == "PaymentPoolExhausted at payment");
            Assert.Contains(verdict.Evidence, line => line.Text == "checkout, web call payment and show it too");
            Assert.Empty(world.Snapshot.Executions);
            before = JsonSerializer.Serialize(incident);
        }

        await using (var world = await World.StartAsync(Configure, at: World.Start.AddSeconds(70)))
        {
            var incident = world.Snapshot.Incidents.Values.Single(view => view.Incident.Entities.Contains(Service("payment"))).Incident;
            Assert.Equal(before, JsonSerializer.Serialize(incident));

            // Who calls whom is known without a span.
            await PostAsync(world, ("LedgerReplicaDown", "postgresql@ledger"), ("LedgerDiskFull", "postgresql@ledger"), ("LedgerRestarting", "postgresql@ledger"));
            await world.StepAsync(30);

            var after = world.Snapshot.Incidents[incident.Id].Incident;
            Assert.Equal(7, after.AlertCount);
            Assert.Equal("service:postgresql@ledger", after.Verdict!.Causes[0].Entity.ToString());
        }
    }

    private void Configure(ObservabilityOptions options) => (options.Server.State, options.Collect.Topology) = (_state, TopologyFile);

    private static EntityId Service(string name) => new(EntityKind.Service, name);

    private static async Task PostAsync(World world, params (string Name, string Service)[] alerts)
    {
        var body = alerts.Select(alert => new
        {
            labels = new Dictionary<string, string> { ["alertname"] = alert.Name, ["severity"] = "critical", ["service"] = alert.Service },
            annotations = new Dictionary<string, string> { ["summary"] = $"{alert.Name} at {alert.Service}" },
        });
        Assert.Equal(200, (await world.PostAsync("/api/v2/alerts", JsonSerializer.Serialize(body))).Status);
    }

    private static string Resource(string service, params string[] spans) =>
        $$$"""{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"{{{service}}}"}}]},"scopeSpans":[{"spans":[{{{string.Join(',', spans)}}}]}]}""";

    private static string Span(int id, int parent, int kind, params (string Key, string Value)[] attributes)
    {
        var at = (ulong)World.Start.ToUnixTimeMilliseconds() * 1_000_000;
        return JsonSerializer.Serialize(new
        {
            traceId = "5b8efff798038103d269b633813fc60c",
            spanId = $"{id:x16}",
            parentSpanId = parent == 0 ? "" : $"{parent:x16}",
            kind,
            name = "op",
            startTimeUnixNano = $"{at}",
            endTimeUnixNano = $"{at + 5_000_000}",
            attributes = attributes.Select(one => new { key = one.Key, value = new { stringValue = one.Value } }),
        });
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Observability.Incidents;
using Observability.Model;
using Observability.Response;
using Observability.Storage;
using Observability.Testing;

namespace Observability.Server.Tests;

public sealed class StageHostTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = Fleets.Start.AddMinutes(10);

    private readonly PipelineInlet _inlet = new(100);
    private SqliteJournal _journal = null!;

    public async ValueTask InitializeAsync() =>
        _journal = await SqliteJournal.OpenAsync("", new JournalOptions(), NullLogger.Instance, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task AlertsThatCameBeforeTheFleetsShape_AreLocatedInIt()
    {
        using var host = await RunAsync(Start);
        _inlet.TryPost(Vanished());
        _inlet.Reshape(Fleets.Of(2));
        await host.PumpAsync(Start.AddSeconds(1), TestContext.Current.CancellationToken);

        var fired = (await EntriesAsync()).OfType<AlertChanged>().Single().Transition.Alert;
        Assert.Equal(Fleets.Gpu(1, 3), fired.Entity);
    }

    [Fact]
    public async Task Outage_NothingIsSaidToHaveHappenedInIt()
    {
        await GatherAndDieAsync();

        // The incident was still gathering: it is judged after the outage, not at a moment nobody was there.
        var back = Start.AddMinutes(10);
        using var after = await RunAsync(back);

        var judged = (await EntriesAsync()).OfType<IncidentChanged>().Where(changed => changed.Change.Kind == IncidentChangeKind.Settled).ToArray();
        Assert.Equal(back, Assert.Single(judged).Change.At);
    }

    [Fact]
    public async Task SeveralOutages_AReplayFindsNothingNewAndNothingMissing()
    {
        await GatherAndDieAsync();
        var back = Start.AddMinutes(10);
        using (var after = await RunAsync(back))
        {
            _inlet.TryPost(Vanished(AlertState.Resolved));
            for (var second = 1; second <= 300; second++)
                await after.PumpAsync(back.AddSeconds(second), TestContext.Current.CancellationToken);
        }

        var known = await EntriesAsync();
        Assert.Contains(known, entry => entry is IncidentChanged { Change.Kind: IncidentChangeKind.Resolved });
        using var last = await RunAsync(back.AddSeconds(301));
        var appended = (await EntriesAsync()).Skip(known.Count);
        Assert.Equal(["EngineStarted"], appended.Select(entry => entry.GetType().Name));
    }

    private static PipelineInput.Alerted Vanished(AlertState state = AlertState.Firing) => new(new Alert
    {
        Labels = LabelSet.Of(
            (AlertLabel.Name, "GpuVanished"), (AlertLabel.Severity, "critical"), (AlertLabel.FaultClass, FaultClass.GpuOffBus),
            (AlertLabel.Role, AlertLabel.RoleCause), ("node", Fleets.Node(1)), ("gpu", "3")),
        State = state,
        StartsAt = Start,
        UpdatedAt = Start,
    });

    private async Task GatherAndDieAsync()
    {
        using var before = await RunAsync(Start);
        _inlet.Reshape(Fleets.Of(2));
        _inlet.TryPost(Vanished());
        await before.PumpAsync(Start.AddSeconds(1), TestContext.Current.CancellationToken);
    }

    private async Task<StageHost> RunAsync(DateTimeOffset at)
    {
        var stages = new PipelineStages(new TopologyView(), new IncidentsOptions(), new ResponseOptions(), [], LearnedModels.Open(""));
        var host = new StageHost(_inlet, _journal, new Pipeline(stages), []);
        await host.StartAsync(new EngineStarted(1, "test"), at, TestContext.Current.CancellationToken);
        return host;
    }

    private async Task<List<JournalEntry>> EntriesAsync()
    {
        var entries = new List<JournalEntry>();
        await foreach (var record in _journal.ReadAsync(0, TestContext.Current.CancellationToken))
            entries.Add(record.Entry);
        return entries;
    }
}

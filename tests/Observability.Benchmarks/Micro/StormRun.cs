using Microsoft.Extensions.Logging.Abstractions;
using Observability.Incidents;
using Observability.Model;
using Observability.Response;
using Observability.Server;
using Observability.Storage;
using Observability.Testing;

namespace Observability.Benchmarks;

/// <summary>A fresh pipeline over a fleet with three jobs, and its clock.</summary>
internal sealed class StormRun : IAsyncDisposable
{
    private readonly PipelineInlet _inlet = new(200_000);
    private readonly SqliteJournal _journal;
    private readonly StageHost _host;
    private DateTimeOffset _now = Fleets.Start.AddMinutes(10);

    private StormRun(SqliteJournal journal)
    {
        _journal = journal;
        var stages = new PipelineStages(new TopologyView(), new IncidentsOptions(), new ResponseOptions(), [], LearnedModels.Open(""));
        _host = new StageHost(_inlet, journal, new Pipeline(stages), []);
    }

    /// <summary>A pipeline that knows a fleet of some nodes, half of them in one job.</summary>
    public static Task<StormRun> StartAsync(int nodes) =>
        StartAsync(Fleets.Of(nodes, 8, ("llm-70b", 0, nodes / 2), ("moe-8x22b", nodes / 2, nodes / 4), ("vision-7b", 3 * nodes / 4, nodes / 4)));

    /// <summary>A pipeline that knows a fleet.</summary>
    public static async Task<StormRun> StartAsync(TopologyChange fleet)
    {
        var run = new StormRun(await SqliteJournal.OpenAsync("", new JournalOptions(), NullLogger.Instance, CancellationToken.None));
        run._inlet.Reshape(fleet);
        await run._host.PumpAsync(run._now, CancellationToken.None);
        return run;
    }

    /// <summary>Alerts come in, and a second passes.</summary>
    public async Task StepAsync(IEnumerable<Alert> alerts)
    {
        foreach (var alert in alerts)
            await _inlet.PostAsync(new PipelineInput.Alerted(alert with { UpdatedAt = _now }), CancellationToken.None);
        _now += TimeSpan.FromSeconds(1);
        await _host.PumpAsync(_now, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await _journal.DisposeAsync();
    }
}

using System.Diagnostics;
using Observability.Alerting;
using Observability.Collectors;
using Observability.Content;
using Observability.Incidents;
using Observability.Metrics;
using Observability.Model;
using Observability.Response;
using Observability.Slos;
using Observability.Storage;

namespace Observability.Server;

/// <summary>
/// The whole platform without its front doors: what is read, what is asked, what is decided, what is done. It has no
/// timer: <see cref="StepAsync"/> does what is due at a time, in a fixed order.
/// </summary>
public sealed class Platform : IAsyncDisposable
{
    private readonly ObservabilityOptions _options;
    private readonly HttpClient _http;
    private readonly SqliteJournal _journal;
    private readonly StageHost _host;
    private readonly SnapshotReader _snapshots;
    private readonly EventQueue _events = new(200_000);
    private readonly AlertRelay _relay;
    private readonly EventAlerter _eventAlerter;
    private readonly PeerOutlierDetector _peers;
    private readonly HangDetector _hangs;
    private readonly SlowStepDetector _slowSteps;
    private readonly ChangePointDetector _changePoints;
    private readonly ForecastDetector _forecasts;
    private readonly RateAnomalyDetector _rates;
    private readonly EffectWorker _effects;
    private readonly Outbox _outbox;
    private readonly SelfSeries _self;
    private readonly EffectReader _uncertain;
    private readonly Sources _sources;
    private readonly CallGraph _calls;
    private readonly CallSeries _callSeries;
    private readonly ContentReload _reload;
    private readonly LearningLoop _learning;
    private readonly TopologyView _topology = new();
    private readonly PlatformParts _without;

    private Platform(ObservabilityOptions options, ContentSet content, SeriesStore series, SqliteJournal journal, (TimeProvider Clock, ILoggerFactory Loggers, PlatformSeams Seams) around)
    {
        var (clock, loggers, seams) = around;
        _without = seams.Without;
        _journal = journal;
        _options = options;
        Clock = clock;
        StartedAt = clock.GetUtcNow();
        Content = content;
        _http = new HttpClient(seams.Transport ?? new SocketsHttpHandler { MaxConnectionsPerServer = 64, AutomaticDecompression = System.Net.DecompressionMethods.None });
        var state = options.Server.State;
        Series = series;
        Remote = RemoteServer.From(options.Metrics);
        Embedded = new EmbeddedQueryEngine(Series, options.Metrics.ToQueries());
        Queries = Remote is null ? Embedded : new OwnSeriesFirst(Embedded, Remote.Engine, options.Metrics.ExperimentalFunctions);
        Inlet = new PipelineInlet(options.Incidents.InletCapacity);
        var doors = new PipelineDoors(Inlet);
        var standings = new Standings(options.Alerting.Shadow.ToStandings(), _topology);
        Firings = standings.Ledger;
        _relay = new AlertRelay(doors, new AlertRelayOptions { Alertmanagers = [.. options.Notify.Alertmanagers.Select(url => new Uri(url))], HoldsBack = standings.HoldsBack }, _http, loggers.CreateLogger<AlertRelay>());
        Rules = new RuleEvaluator(Queries, Series, _relay, new RuleOptions { DefaultInterval = options.Content.EvaluationInterval, ExternalUrl = options.Server.ExternalUrl.TrimEnd('/') }, loggers.CreateLogger<RuleEvaluator>());
        ContentFindings = Rules.Reload(content.RuleGroups);
        _reload = new ContentReload(options.Content, content, clock, options.Metrics.ExperimentalFunctions);
        _eventAlerter = new EventAlerter(_relay, content.Faults, new EventOptions(), loggers.CreateLogger<EventAlerter>());
        _peers = new PeerOutlierDetector(Queries, _relay, new PeerOutlierOptions(), loggers.CreateLogger<PeerOutlierDetector>());
        _hangs = new HangDetector(Queries, _relay, new HangOptions(), loggers.CreateLogger<HangDetector>());
        _slowSteps = new SlowStepDetector(Queries, _relay, new SlowStepOptions(), loggers.CreateLogger<SlowStepDetector>());
        _changePoints = new ChangePointDetector(Queries, _relay, new ChangePointOptions(), loggers.CreateLogger<ChangePointDetector>());
        _forecasts = new ForecastDetector(Queries, _relay, new ForecastOptions(), loggers.CreateLogger<ForecastDetector>());
        _rates = new RateAnomalyDetector(Queries, _relay, new RateAnomalyOptions(), loggers.CreateLogger<RateAnomalyDetector>());
        Slos = new SloEngine(content.Slos, Queries, Series, doors, loggers.CreateLogger<SloEngine>());
        var samples = PipelineDoors.SamplesInto(Series);
        var outside = new Outside(_http, clock, loggers);
        Intake = new Intake(samples, _events, doors);
        _sources = new Sources(options.Collect, state, Intake, outside);
        _calls = new CallGraph(doors, options.Collect.Calls.ToCollector());
        _callSeries = new CallSeries(Queries, _calls);
        // What other processes push names nodes and GPUs as well as what is scraped does.
        var labels = options.Collect.Topology.Length == 0 ? new LabelTopology(samples, _events, doors) : null;
        AlertInbox = new AlertmanagerInbox(doors, new AlertmanagerOptions { BodyLimitBytes = options.Server.MaximumBodyBytes }, outside);
        IEventSink events = labels is null ? _events : labels;
        var otlp = new OtlpOptions { BodyLimitBytes = options.Server.MaximumBodyBytes };
        OtlpInbox = new OtlpReceiver(labels ?? samples, otlp, outside, ShownOf);
        OtlpDoors = [OtlpInbox, new OtlpTraceReceiver(labels ?? samples, events, otlp, outside, _calls), new OtlpLogReceiver(events, samples, otlp, new TailOptions { StepsOnly = !options.Collect.TrainingLogSamples }, outside)];
        RemoteWriteInbox = new RemoteWriteReceiver(
            PipelineDoors.ReportingInto(Series, labels), new RemoteWriteOptions { BodyLimitBytes = options.Server.MaximumBodyBytes }, outside);
        ChangesInbox = new ChangesInbox(_events, outside);
        ChangeWebhooks = new ChangeWebhooksInbox(options.Server.WebhookSecret, _events, outside);
        var models = seams.Without.HasFlag(PlatformParts.Ml) ? LearnedModels.None() : LearnedModels.Open(options.Incidents.RootCauseModel, LearningLoop.FolderOf(state));
        var limits = new IncidentsOptions { Questions = new QuestionOptions { PerDay = options.Incidents.Questions.PerDay } };
        var stages = new PipelineStages(_topology, limits, ResponseParts.Limits(options.Response), content.Runbooks, models, options.Incidents.Price)
        {
            AsksInChat = options.Incidents.Questions.Chat,
            Standings = standings,
        };
        _learning = new LearningLoop(options.Incidents.Retrain, stages.ScoreNoise, models.Actionability, Inlet, loggers.CreateLogger<LearningLoop>()) { HasFolder = state.Length > 0 };
        Snapshots = new SnapshotHub(PlatformSnapshot.Empty(clock.GetUtcNow()) with { Slos = [.. content.Slos], Runbooks = [.. content.Runbooks] });
        _snapshots = new SnapshotReader(Snapshots, new SnapshotOptions());
        _effects = new EffectWorker(ResponseParts.Actions(options.Response, Queries, _http), loggers.CreateLogger<EffectWorker>());
        _outbox = new Outbox(ResponseParts.Channels(options, _http), loggers.CreateLogger<Outbox>());
        _self = new SelfSeries(Series);
        _uncertain = new EffectReader(_effects);
        _host = new StageHost(Inlet, _journal, new Pipeline(stages), [_snapshots, _uncertain, new OutboxReader(_outbox), _self, new ExclusionReader(Slos), _learning, .. seams.Readers]);
    }

    /// <summary>The clock everything runs on.</summary>
    public TimeProvider Clock { get; }

    /// <summary>What operators edit.</summary>
    public ContentSet Content { get; }

    /// <summary>What the rule evaluator refused.</summary>
    public IReadOnlyList<Finding> ContentFindings { get; private set; }

    /// <summary>The series store.</summary>
    public SeriesStore Series { get; }

    /// <summary>PromQL.</summary>
    public IQueryEngine Queries { get; }

    /// <summary>PromQL over the series of this process alone.</summary>
    internal EmbeddedQueryEngine Embedded { get; }

    /// <summary>When it was built.</summary>
    internal DateTimeOffset StartedAt { get; }

    /// <summary>What it was built from.</summary>
    internal ObservabilityOptions Options => _options;

    /// <summary>How the last read of rules and runbooks went.</summary>
    internal ReloadStatus ReloadStatus => _reload.Status;

    /// <summary>The server that answers PromQL in place of the embedded store; null where there is none.</summary>
    internal RemoteServer? Remote { get; }

    /// <summary>Rules and their alerts.</summary>
    public RuleEvaluator Rules { get; }

    /// <summary>Targets.</summary>
    public ScrapeLoop Scrapes => _sources.Scrapes;

    /// <summary>Budgets.</summary>
    public SloEngine Slos { get; }

    /// <summary>What fired and what became of it.</summary>
    public FiringLedger Firings { get; }

    /// <summary>The pipeline's door.</summary>
    public PipelineInlet Inlet { get; }

    /// <summary>What readers see.</summary>
    public SnapshotHub Snapshots { get; }

    /// <summary>Where what is read enters.</summary>
    public Intake Intake { get; }

    /// <summary>Learns from the on-call.</summary>
    internal LearningLoop Learning => _learning;

    /// <summary>Where other systems' alerts come in.</summary>
    public AlertmanagerInbox AlertInbox { get; }

    /// <summary>Where pushed OTLP metrics come in.</summary>
    public OtlpReceiver OtlpInbox { get; }

    /// <summary>Where OTLP metrics, spans and log records come in.</summary>
    public IReadOnlyList<IOtlpDoor> OtlpDoors { get; }

    /// <summary>Where samples that other servers write come in.</summary>
    public RemoteWriteReceiver RemoteWriteInbox { get; }

    /// <summary>Where announced changes come in.</summary>
    public ChangesInbox ChangesInbox { get; }

    /// <summary>Where kernel lines are pushed to.</summary>
    public KernelInbox KernelInbox => _sources.KernelInbox;

    /// <summary>Where webhooks of GitHub, GitLab and Argo CD come in.</summary>
    public ChangeWebhooksInbox ChangeWebhooks { get; }

    /// <summary>Wall seconds spent per part, for the report.</summary>
    public SortedDictionary<string, double> Spent { get; } = new(StringComparer.Ordinal);

    /// <summary>True once the journal has been replayed.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Builds the platform from its configuration and content, and begins a new epoch of its journal.</summary>
    public static Task<Platform> OpenAsync(
        ObservabilityOptions options, ContentSet content, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        OpenAsync(options, content, (clock, loggers, PlatformSeams.None), cancellationToken);

    /// <summary>The same, with another network around it and more readers of its journal.</summary>
    internal static async Task<Platform> OpenAsync(
        ObservabilityOptions options, ContentSet content, (TimeProvider Clock, ILoggerFactory Loggers, PlatformSeams Seams) around, CancellationToken cancellationToken)
    {
        _ = MeterBridge.Registry;
        var state = options.Server.State;
        if (state.Length > 0)
            Directory.CreateDirectory(state);
        var path = state.Length == 0 ? "" : Path.Combine(state, "journal.db");
        // The store first: it keeps a second process out before that one has begun an epoch in the journal of the first.
        var series = new SeriesStore(options.Metrics.ToStore(state), around.Loggers.CreateLogger<SeriesStore>());
        try
        {
            var journal = await SqliteJournal.OpenAsync(path, new JournalOptions(), around.Loggers.CreateLogger<SqliteJournal>(), cancellationToken);
            return new Platform(options, content, series, journal, around);
        }
        catch
        {
            await series.DisposeAsync();
            throw;
        }
    }

    /// <summary>Rebuilds the state from the journal.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _host.StartAsync(new EngineStarted(_journal.Epoch, ServerVersion.Text), Clock.GetUtcNow(), cancellationToken);
        _uncertain.Resume();
        var known = _topology.Current.ToChange(Clock.GetUtcNow(), _options.Collect.Topology);
        _sources.Resume(_calls.Resume(known, Clock.GetUtcNow()));
        Publish(Clock.GetUtcNow());
        IsReady = true;
    }

    /// <summary>
    /// Reads what operators edit again, from any thread. Rules and fault catalogue, where free of faults, are in force from the next step on and
    /// keep the state of those that are the same; with one fault in any file everything stays as it was.
    /// </summary>
    public ReloadOutcome Reload() => _reload.Read();

    /// <summary>Does everything that is due at a time, in the order in which data flows.</summary>
    public async Task StepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var span = ServerMetrics.Traces.StartActivity("step");
        await _sources.RunDueAsync(now, TimeAsync, cancellationToken);
        AlertInbox.Advance(now);
        if (_reload.Take() is { } fresh)
        {
            ContentFindings = Rules.Reload(fresh.RuleGroups);
            _eventAlerter.Reload(fresh.Faults);
        }

        await TimeAsync("calls", () => _callSeries.RunDueAsync(now, cancellationToken));
        await TimeAsync("rules", () => Rules.EvaluateDueAsync(now, cancellationToken));
        await TimeAsync("detectors", async () =>
        {
            if (!_without.HasFlag(PlatformParts.Peers))
                await _peers.RunDueAsync(now, cancellationToken);
            await _hangs.RunDueAsync(now, cancellationToken);
            await _slowSteps.RunDueAsync(now, cancellationToken);
            await _changePoints.RunDueAsync(now, cancellationToken);
            await _forecasts.RunDueAsync(now, cancellationToken);
            await _rates.RunDueAsync(now, cancellationToken);
        });
        await TimeAsync("slos", () => Slos.EvaluateDueAsync(now, cancellationToken));
        _learning.RunDue(now);
        await PumpAsync(now, cancellationToken);
        _sources.Save(now);
        _self.Write(now, Snapshots.Current);
        await TimeAsync("flush", () => Series.FlushAsync(now, cancellationToken));
    }

    /// <summary>Handles what waits in front of the pipeline, and what follows from it outside.</summary>
    public async Task PumpAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (_events.TryTake(out var one))
            _eventAlerter.Process(one, now);
        _eventAlerter.Advance(now);
        _relay.RunDue(now);
        await TimeAsync("pipeline", () => _host.PumpAsync(now, cancellationToken));
        // An outcome may lead to the next step at once; the number of rounds is bounded by the longest runbook.
        for (var round = 0; round < 32; round++)
        {
            var outcomes = await _effects.RunDueAsync(now, cancellationToken);
            foreach (var outcome in outcomes)
                await Inlet.PostAsync(new PipelineInput.Completed(outcome), cancellationToken);
            var deliveries = await _outbox.DeliverDueAsync(now, cancellationToken);
            foreach (var delivery in deliveries)
                await Inlet.PostAsync(new PipelineInput.Attempted(delivery), cancellationToken);
            if (outcomes.Count + deliveries.Count == 0)
                break;
            await TimeAsync("pipeline", () => _host.PumpAsync(now, cancellationToken));
        }

        Publish(now);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _relay.Dispose();
        _host.Dispose();
        _sources.Dispose();
        await _journal.DisposeAsync();
        await Series.DisposeAsync();
        _http.Dispose();
        Remote?.Dispose();
    }

    private IReadOnlyList<LabelSet> ShownOf(string metric, string job)
    {
        var now = Clock.GetUtcNow();
        LabelMatcher[] matchers = [new(LabelSet.MetricNameLabel, metric), new("job_name", job)];
        return Series.Series([matchers], now - new QueryOptions().Lookback, now);
    }

    private void Publish(DateTimeOffset now) => _snapshots.Publish(now, snapshot => snapshot with { Budgets = Slos.Budgets, Learning = _learning.Show(snapshot.Learning) });

    private async Task TimeAsync(string part, Func<Task> work)
    {
        using var span = ServerMetrics.Traces.StartActivity(part);
        var started = Stopwatch.GetTimestamp();
        await work();
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Spent[part] = Spent.GetValueOrDefault(part) + took;
        ServerMetrics.StepSeconds.Record(took, new KeyValuePair<string, object?>("part", part));
    }
}

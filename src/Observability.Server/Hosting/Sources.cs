using Observability.Collectors;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Everything that reads the outside by itself, made from the configuration: targets, logs and topology. What is pushed
/// comes through the front doors.
/// </summary>
internal sealed class Sources : IDisposable
{
    private readonly TopologyFollower _topology;
    private readonly KmsgFollower _kernelLogs;
    private readonly TrainingLogFollower _trainingLogs;
    private readonly FlightRecorderFollower _flightRecorders;
    private readonly KubernetesFollower _kubernetes;
    private readonly List<KubernetesConnection> _clusters = [];
    private readonly SlurmFollower _slurm;
    private readonly ProbeLoop _probes;
    private readonly LogPositions _positions;
    private readonly NvidiaSmiCollector _nvidiaSmi;
    private readonly RdmaCollector _rdma;
    private readonly CaptureLoop _captures;
    private readonly SyslogListener? _syslog;

    public Sources(CollectOptions options, string state, Intake intake, Outside outside)
    {
        // A topology file says more than labels do, so labels are asked only where there is none.
        intake = options.Topology.Length == 0 ? intake.Learning() : intake;
        intake = intake with { Samples = new VersionChanges(intake.Samples, intake.Events) };
        // An access with a fault was refused with the configuration.
        var cluster = ClusterAccess.Of(options.Kubernetes, out _) is { } access ? Connect(access, outside) : null;
        var clocks = new NodeClocks();
        Scrapes = new ScrapeLoop(
            [.. Targets(options, cluster, outside).Select(source => Share(source, options))], new ClockReadings(clocks, Faults(options, intake, outside)), ScrapesFrom(options), outside);
        var lists = Logs(options, outside);
        var tail = new TailOptions { Concurrency = options.Concurrency, StepsOnly = !options.TrainingLogSamples };
        _kernelLogs = new KmsgFollower(lists, intake.Events, tail, outside, clocks);
        _trainingLogs = new TrainingLogFollower(lists, intake.Events, intake.Samples, tail, outside, Models(options));
        _flightRecorders = new FlightRecorderFollower(
            new FlightRecorderOptions { Folders = [.. options.FlightRecorders.Select(log => new LogSource(LogKind.Training, log.Path, log.Job))] },
            intake.Events, outside);
        _probes = new ProbeLoop(
            new ProbeOptions { Targets = [.. options.Probes.Select(probe => new ProbeTarget(probe.Kind, probe.Address, probe.Job, probe.Node))], Concurrency = options.Concurrency },
            intake.Samples, outside);
        var sinks = (intake.Samples, intake.Events, intake.Topology);
        _kubernetes = new KubernetesFollower(cluster, KubernetesFrom(options.Kubernetes), sinks, outside);
        _slurm = new SlurmFollower(SlurmFrom(options.Slurm), sinks, outside);
        _topology = new TopologyFollower(new TopologyOptions { Location = options.Topology }, intake.Topology, outside);
        _nvidiaSmi = new NvidiaSmiCollector(
            options.NvidiaSmi.ToCollector(), intake.Samples, intake.Events, options.Topology.Length == 0 ? intake.Topology : null, outside);
        _rdma = new RdmaCollector(
            options.Rdma.ToCollector(), intake.Samples, intake.Events, options.Topology.Length == 0 ? intake.Topology : null, outside);
        _captures = new CaptureLoop(
            [.. options.Captures.Select(capture => capture.ToCollector())], intake.Samples, intake.Events, options.Topology.Length == 0 ? intake.Topology : null, outside);
        KernelInbox = new KernelInbox(intake.Events, tail, clocks: clocks);
        _syslog = SyslogListener.Start(new SyslogOptions { Tcp = options.Syslog.Tcp, Udp = options.Syslog.Udp }, KernelInbox, outside);
        _positions = new LogPositions(state, outside.Logs.CreateLogger<LogPositions>());
    }

    /// <summary>Targets.</summary>
    public ScrapeLoop Scrapes { get; }

    /// <summary>Where kernel lines are pushed to.</summary>
    public KernelInbox KernelInbox { get; }

    /// <summary>Goes on where the last run stopped: topology from the journal, logs from their stored positions.</summary>
    public void Resume(TopologyChange known)
    {
        _topology.Resume(_slurm.Resume(_kubernetes.Resume(known)));
        var positions = _positions.Read();
        _kernelLogs.Resume(positions);
        _trainingLogs.Resume(positions);
    }

    /// <summary>Reads what is due: first the shape of the fleet, then samples, then logs.</summary>
    public async Task RunDueAsync(DateTimeOffset now, Func<string, Func<Task>, Task> part, CancellationToken cancellationToken)
    {
        await part("topology", () => _topology.RunDueAsync(now, cancellationToken));
        await part("platform", async () =>
        {
            await _kubernetes.RunDueAsync(now, cancellationToken);
            await _slurm.RunDueAsync(now, cancellationToken);
        });
        await part("scrape", () => Scrapes.RunDueAsync(now, cancellationToken));
        await part("node", async () =>
        {
            _rdma.RunDue(now);
            await _nvidiaSmi.RunDueAsync(now, cancellationToken);
            await _captures.RunDueAsync(now, cancellationToken);
        });
        await part("probes", () => _probes.RunDueAsync(now, cancellationToken));
        await part("logs", async () =>
        {
            KernelInbox.Drain(now);
            await _kernelLogs.RunDueAsync(now, cancellationToken);
            await _trainingLogs.RunDueAsync(now, cancellationToken);
            _flightRecorders.RunDue(now);
        });
    }

    /// <summary>
    /// Stores how far the logs are read. Call it when the journal holds what was read: after a crash lines may then come twice,
    /// which the pipeline folds, but never not at all.
    /// </summary>
    public void Save(DateTimeOffset now) => _positions.WriteDue(now, () => [.. _kernelLogs.Positions, .. _trainingLogs.Positions]);

    /// <inheritdoc/>
    public void Dispose()
    {
        _syslog?.Dispose();
        Scrapes.Dispose();
        foreach (var cluster in _clusters)
            cluster.Dispose();
    }

    private KubernetesConnection Connect(KubernetesAccess access, Outside outside)
    {
        var connection = new KubernetesConnection(access, outside);
        _clusters.Add(connection);
        return connection;
    }

    private List<ITargetSource> Targets(CollectOptions options, KubernetesConnection? cluster, Outside outside) =>
    [
        new FixedTargets([.. options.Targets.Select(target => ScrapeTarget.Of(
            new Uri(target.Url), LabelSet.Of(("job", target.Job), ("node", target.Node))) with { HonorLabels = target.HonorLabels })]),
        .. options.Discovery.Select(found => Discovered(found, cluster, outside)),
        .. options.TargetUrls.Select(url => new HttpTargets(new Uri(url), outside.Http)),
    ];

    private ITargetSource Discovered(DiscoveryOptions found, KubernetesConnection? cluster, Outside outside)
    {
        // Rules that cannot be were refused with the configuration.
        List<RelabelRule> rules = [.. found.Relabel.Select(rule => rule.ToRule(out _)).OfType<RelabelRule>()];
        var defaults = LabelSet.Of(("job", found.Job));
        return found.Kind switch
        {
            DiscoveryKind.File => new FileTargets(found.Location, rules, defaults),
            DiscoveryKind.Http => new HttpTargets(new Uri(found.Location), outside.Http, rules, defaults),
            DiscoveryKind.Dns => new DnsTargets(new DnsQuestion([found.Location], found.Role, found.Port), rules, defaults),
            _ => new KubernetesTargets(
                found.Role, found.Location.Length == 0 ? cluster! : Connect(new KubernetesAccess(new Uri(found.Location)) { TokenFile = found.TokenFile }, outside), rules, defaults, outside.Time),
        };
    }

    private static ITargetSource Share(ITargetSource source, CollectOptions options) =>
        options.Members.Count == 0 ? source : new ShardedTargets(source, options.Members, options.Member);

    // A table that cannot be read costs the events, not the samples.
    private static ISampleSink Faults(CollectOptions options, Intake intake, Outside outside)
    {
        if (options.AscendFaultCodes.Length == 0)
            return intake.Samples;
        var log = outside.Logs.CreateLogger<Sources>();
        try
        {
            var (sink, refused) = AscendFaultEvents.FromFile(options.AscendFaultCodes, intake.Samples, intake.Events);
            if (refused.Count > 0)
                ServerLog.TableRefused(log, options.AscendFaultCodes, refused.Count, refused[0]);
            return sink;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            ServerLog.TableRefused(log, options.AscendFaultCodes, 0, fault.Message);
            return intake.Samples;
        }
    }

    private static List<ILogList> Logs(CollectOptions options, Outside outside)
    {
        List<ILogList> lists =
        [
            new FixedLogs([
                .. options.KernelLogs.Select(log => new LogSource(LogKind.Kernel, log.Path, log.Node)),
                .. options.TrainingLogs.Select(log => new LogSource(LogKind.Training, log.Path, log.Job))]),
        ];
        if (options.LogsUrl.Length > 0)
            lists.Add(new HttpLogs(new Uri(options.LogsUrl), outside));
        return lists;
    }

    private static KubernetesOptions KubernetesFrom(KubernetesSection section) => new()
    {
        Jobs = section.Jobs,
        Tiers = [.. section.Tiers.Select(text => KubernetesTier.TryParse(text, out var tier) ? tier : null).OfType<KubernetesTier>()],
    };

    private static SlurmOptions SlurmFrom(SlurmSection section) => new()
    {
        Url = section.Url.Length > 0 ? new Uri(section.Url) : null,
        Version = section.Version,
        User = section.User,
        TokenFile = section.TokenFile,
    };

    private static Dictionary<string, ModelShape> Models(CollectOptions options) =>
        options.Models.DistinctBy(model => model.Job).ToDictionary(model => model.Job, model => new ModelShape
        {
            Parameters = model.Billions * 1e9,
            Layers = model.Layers,
            Heads = model.Heads,
            HeadSize = model.HeadSize,
            SequenceLength = model.SequenceLength,
            Gpus = model.Gpus,
            PeakFlops = model.PeakTeraflops * 1e12,
            PeakIsSparse = model.PeakIsSparse,
            IsCausal = model.Causal,
            RecomputesAll = model.RecomputesAll,
        }, StringComparer.Ordinal);

    private static ScrapeOptions ScrapesFrom(CollectOptions options) => new()
    {
        Interval = options.Interval,
        Timeout = options.Timeout,
        LateAfter = options.LateAfter,
        Concurrency = options.Concurrency,
        SampleLimit = options.SampleLimit,
        LabelLimit = options.LabelLimit,
        LabelNameLengthLimit = options.LabelNameLengthLimit,
        LabelValueLengthLimit = options.LabelValueLengthLimit,
        BodyLimitBytes = options.BodySizeLimit,
        TargetsPerSourceLimit = options.TargetLimit,
        MetricRelabel = [.. options.MetricRelabel.Select(rule => rule.ToRule(out _)).OfType<RelabelRule>()],
    };
}

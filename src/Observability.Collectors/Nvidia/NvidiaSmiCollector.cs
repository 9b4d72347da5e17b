namespace Observability.Collectors;

/// <summary>Asks nvidia-smi of this node again and again, for fleets without dcgm-exporter. <c>up{job="nvidia-smi"}</c> says whether it answers.</summary>
public sealed class NvidiaSmiCollector
{
    private const string Job = "nvidia-smi";
    private static readonly string[] Arguments = ["-q", "-x"];

    private readonly NvidiaSmiOptions _options;
    private readonly TimeProvider _time;
    private readonly PolledSource _source;

    /// <summary>A collector of one node; <paramref name="topology"/> is null where a file tells the fleet's shape.</summary>
    public NvidiaSmiCollector(NvidiaSmiOptions options, ISampleSink samples, IEventSink events, ITopologySink? topology, Outside outside)
        : this(options, samples, events, topology, outside, null)
    {
    }

    internal NvidiaSmiCollector(
        NvidiaSmiOptions options, ISampleSink samples, IEventSink events, ITopologySink? topology, Outside outside,
        Func<CancellationToken, Task<CommandOutput>>? run)
    {
        (_options, _time) = (options, outside.Time);
        _source = new PolledSource(
            new PolledOptions(Job, options.Node, options.Node, options.Interval, options.RepeatAfter), run ?? RunAsync, Read, (samples, events, topology), outside);
    }

    /// <summary>Takes up what has ended, and starts what is due.</summary>
    public Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _options.Command.Length == 0 && _options.File.Length == 0 ? Task.CompletedTask : _source.RunDueAsync(now, cancellationToken);

    private PolledReading Read(string text, DateTimeOffset now)
    {
        var reading = NvidiaSmiReader.Read(text);
        var samples = new NvidiaSmiSamples(_options.Node, now);
        // Times it prints lack a zone; what it says is of now.
        samples.Add(reading with { Gpus = [.. reading.Gpus.Select(gpu => gpu with { At = null })] });
        return new PolledReading
        {
            Fault = reading.Gpus.Count > 0 ? "" : "no GPU is in what it printed",
            Samples = samples.Samples,
            Events = samples.Events,
            Shape = reading.Gpus.Count > 0 ? samples.Topology : null,
            Refused = reading.Refused.Count,
        };
    }

    private async Task<CommandOutput> RunAsync(CancellationToken cancellationToken)
    {
        if (_options.File.Length == 0)
            return await CommandRun.RunAsync(_options.Command, Arguments, (_options.Timeout, _options.OutputLimit), _time, cancellationToken);
        try
        {
            return new FileInfo(_options.File) is { Exists: true, Length: var length } && length > _options.OutputLimit
                ? new CommandOutput("", $"{_options.File} has {length} bytes, more than the limit of {_options.OutputLimit}")
                : new CommandOutput(await File.ReadAllTextAsync(_options.File, cancellationToken), "");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new CommandOutput("", fault.Message);
        }
    }
}

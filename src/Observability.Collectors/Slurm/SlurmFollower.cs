using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Follows Slurm through slurmrestd: nodes, jobs and the scheduler's diagnosis. What cannot be read changes nothing: unknown is not gone.
/// </summary>
public sealed class SlurmFollower(SlurmOptions options, (ISampleSink Samples, IEventSink Events, ITopologySink Topology) sinks, Outside outside)
{
    private const string Source = "slurm";

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Slurm");
    private TopologyChange _shape = new(DateTimeOffset.UnixEpoch, Source, [], []);
    private Dictionary<string, SlurmNode> _nodes = new(StringComparer.Ordinal);
    private Dictionary<long, SlurmJob> _jobs = [];
    private bool _failing;
    private DateTimeOffset? _next;

    /// <summary>Goes on where the last run stopped, so that jobs that ended meanwhile end. Returns what is not of here. Call it before the first look.</summary>
    public TopologyChange Resume(TopologyChange known)
    {
        if (options.Url is null)
            return known;
        (_shape, var rest) = Learned.Part(known, Source);
        return rest;
    }

    /// <summary>Looks where that is due.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (options.Url is null || (_next is { } due && now < due))
            return;
        _next = now + options.Interval;
        var reader = new SlurmReader();
        foreach (var path in (string[])["nodes/", "jobs/", "diag/"])
        {
            var fault = await GetAsync($"/slurm/{options.Version}/{path}", reader, cancellationToken);
            // The list of a failed answer is empty, and an empty list would end every job.
            if (fault.Length == 0 && reader.Refused.FirstOrDefault(reason => reason.StartsWith("Slurm: ", StringComparison.Ordinal)) is { } refused)
                fault = refused;
            CollectorsMetrics.Reads(Source, fault.Length == 0);
            if (fault.Length == 0)
                continue;
            if (!_failing)
                CollectorsLog.DiscoveryFailed(_log, Source, $"{path} {fault}");
            _failing = true;
            return;
        }

        _failing = false;
        if (reader.Refused.Count > 0)
            CollectorsMetrics.Refused(Source, "record", reader.Refused.Count);
        Tell(reader, now);
    }

    private void Tell(SlurmReader read, DateTimeOffset now)
    {
        var shape = Learned.Mark(SlurmTopology.Of(read.Nodes, read.Jobs, now));
        if (TopologyDiff.Between(_shape, shape) is { } change)
            sinks.Topology.Apply(change);
        _shape = shape;
        var samples = SlurmSignals.Samples(read, now).ToList();
        CollectorsMetrics.Samples(Source, samples.Count);
        if (samples.Count > 0)
            sinks.Samples.Append(new SampleBatch(Source, now, samples));
        Publish(read.Nodes.SelectMany(node => _nodes.TryGetValue(node.Name, out var before) ? SlurmSignals.Changes(before, node, now) : []));
        Publish(read.Jobs.SelectMany(job => _jobs.TryGetValue(job.Id, out var before) ? SlurmSignals.Changes(before, job, now) : []));
        _nodes = read.Nodes.DistinctBy(node => node.Name).ToDictionary(node => node.Name, StringComparer.Ordinal);
        _jobs = read.Jobs.DistinctBy(job => job.Id).ToDictionary(job => job.Id);
    }

    private void Publish(IEnumerable<TelemetryEvent> read)
    {
        foreach (var one in read)
        {
            CollectorsMetrics.Events(Source);
            sinks.Events.Publish(one);
        }
    }

    private async Task<string> GetAsync(string path, SlurmReader reader, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(options.Url!, path));
            if (options.User.Length > 0)
                request.Headers.Add("X-SLURM-USER-NAME", options.User);
            if (options.TokenFile.Length > 0)
                request.Headers.Add("X-SLURM-USER-TOKEN", (await File.ReadAllTextAsync(options.TokenFile, patience.Token)).Trim());
            using var response = await outside.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (!response.IsSuccessStatusCode)
                return $"answered {(int)response.StatusCode}";
            await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
            using var body = await LimitedBody.ReadAsync(stream, response.Content.Headers.ContentEncoding.LastOrDefault(), options.BodyLimitBytes, patience.Token);
            return body.Fault != BodyFault.None ? body.Error : JsonValues.Read(body.Bytes.Span, reader.Read);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {options.Timeout.TotalSeconds:0.###} s";
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }
}

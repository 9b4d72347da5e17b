using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads the topology from a file or a URL again and again and hands on what changed. A faulty document is refused whole and
/// the earlier topology stays.
/// </summary>
public sealed class TopologyFollower(TopologyOptions options, ITopologySink sink, Outside outside)
{
    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Topology");
    private TopologyChange _current = new(DateTimeOffset.UnixEpoch, options.Location, [], []);
    private byte[] _bytes = [];
    private DateTimeOffset? _next;

    /// <summary>What is wrong with the last document, fault by fault; empty where it was taken.</summary>
    public ImmutableArray<string> Errors { get; private set; } = [];

    /// <summary>Goes on from what is known, so that a restart tells only what changed meanwhile. Call it before the first step.</summary>
    public void Resume(TopologyChange known) => _current = known;

    /// <summary>Reads the document if its turn has come.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (options.Location.Length == 0 || (_next is { } due && now < due))
            return;
        _next = now + options.Interval;
        using var body = await LoadAsync(cancellationToken);
        if (body.Fault != BodyFault.None)
            Refuse([body.Error]);
        else if (!body.Bytes.Span.SequenceEqual(_bytes))
            Take(body.Bytes, now);
    }

    private void Take(ReadOnlyMemory<byte> json, DateTimeOffset now)
    {
        _bytes = json.ToArray();
        var (content, errors) = TopologyDocument.Read(json, options.Location, now);
        if (!errors.IsEmpty)
        {
            Refuse(errors);
            return;
        }

        CollectorsMetrics.Reads("topology", ok: true);
        Errors = [];
        var change = TopologyDiff.Between(_current, content);
        _current = content;
        if (change is null)
            return;
        CollectorsLog.TopologyChanged(_log, options.Location, change.Entities.Length, change.Edges.Length, change.Removed.Length);
        sink.Apply(change);
    }

    private void Refuse(ImmutableArray<string> errors)
    {
        CollectorsMetrics.Reads("topology", ok: false);
        if (!errors.SequenceEqual(Errors))
            CollectorsLog.TopologyRefused(_log, options.Location, string.Join("; ", errors));
        Errors = errors;
    }

    private async Task<BodyRead> LoadAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Timeout, outside.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            if (!options.Location.StartsWith("http://", StringComparison.Ordinal)
                && !options.Location.StartsWith("https://", StringComparison.Ordinal))
            {
                await using var file = File.OpenRead(options.Location);
                return await LimitedBody.ReadAsync(file, "", options.BodyLimitBytes, both.Token);
            }

            using var response = await outside.Http.GetAsync(
                new Uri(options.Location), HttpCompletionOption.ResponseHeadersRead, both.Token);
            if (!response.IsSuccessStatusCode)
                return new BodyRead([], 0, BodyFault.Broken, $"{options.Location} answered {(int)response.StatusCode}");
            await using var stream = await response.Content.ReadAsStreamAsync(both.Token);
            return await LimitedBody.ReadAsync(
                stream, response.Content.Headers.ContentEncoding.LastOrDefault(), options.BodyLimitBytes, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new BodyRead([], 0, BodyFault.Broken, $"no answer within {options.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or UnauthorizedAccessException or UriFormatException)
        {
            return new BodyRead([], 0, BodyFault.Broken, fault.Message);
        }
    }
}

using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Sends what a node or a shard of targets reads to the platform: samples by Prometheus remote write, events as OTLP log records. All of it
/// goes through a buffer on disk, one request at a time and in order, so that an outage of the platform loses nothing that fits and each
/// series arrives in the order of time.
/// </summary>
public sealed class Forwarder : ISampleSink, IEventSink, IReportingSink, IDisposable
{
    // A node's scrape is some thousand samples; a request stays well below what receivers take.
    private const int SamplesPerRequest = 5_000;
    private const int EventsPerRequest = 1_000;
    private const int EventsWaiting = 100_000;

    private readonly ForwardOptions _options;
    private readonly Outside _outside;
    private readonly ILogger _log;
    private readonly DiskBuffer _buffer;
    private readonly Lock _gate = new();
    private readonly WriteRequestWriter _samples = new();
    private readonly ProtoWriter _message = new();
    private readonly Queue<TelemetryEvent> _events = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;
    private TimeSpan _wait;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    /// <summary>Opens the buffer; what an earlier run could not send goes first.</summary>
    public Forwarder(ForwardOptions options, Outside outside)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(outside);
        (_options, _outside, _log) = (options, outside, outside.Logs.CreateLogger("Observability.Collectors.Forward"));
        _buffer = new DiskBuffer(options.Folder, options.BufferBytes, _log);
    }

    /// <summary>Samples and events that are not sent yet.</summary>
    public long Waiting
    {
        get
        {
            lock (_gate)
                return _buffer.Items + _events.Count;
        }
    }

    /// <summary>True while a request is under way.</summary>
    internal bool IsSending => !_sending.IsCompleted;

    /// <inheritdoc/>
    public void Append(SampleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_gate)
        {
            var (exemplars, metadata) = (batch.Exemplars, batch.Metadata);
            foreach (var some in batch.Samples.Chunk(SamplesPerRequest))
            {
                _buffer.Append(new BufferedEntry(BufferedKind.Samples, some.Length, _samples.Write(some, exemplars, metadata)));
                (exemplars, metadata) = ([], []);
            }
        }
    }

    /// <inheritdoc/>
    public AppendReport Take(SampleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Append(batch);
        return new AppendReport(batch.Samples.Count, 0, []);
    }

    /// <inheritdoc/>
    public void Publish(TelemetryEvent telemetryEvent)
    {
        lock (_gate)
        {
            if (_events.Count >= EventsWaiting)
            {
                _events.Dequeue();
                CollectorsMetrics.Dropped("events", 1);
            }

            _events.Enqueue(telemetryEvent);
        }
    }

    /// <summary>
    /// Writes what was published to the buffer, makes it safe on disk, and begins to send unless a request is under way or a failure is
    /// too fresh. Call it every second, before the positions of logs are stored.
    /// </summary>
    public void RunDue(DateTimeOffset now)
    {
        lock (_gate)
        {
            while (_events.Count > 0)
            {
                var some = new List<TelemetryEvent>();
                while (some.Count < EventsPerRequest && _events.TryDequeue(out var one))
                    some.Add(one);
                _buffer.Append(new BufferedEntry(BufferedKind.Events, some.Count, EventRecords.Write(some, _message)));
            }

            _buffer.Flush();
            CollectorsMetrics.Buffered(_buffer.Bytes, _buffer.Items);
            if (_sending.IsCompleted && now >= _notBefore && _buffer.Peek() is not null)
                _sending = Task.Run(() => SendAllAsync(_stop.Token));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _buffer.Dispose();
    }

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && _buffer.Peek() is { } entry)
        {
            if (!await SendAsync(entry, cancellationToken))
                return;
            _buffer.Take(entry);
        }
    }

    // True where the entry is done with, sent or refused for good.
    private async Task<bool> SendAsync(BufferedEntry entry, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using var request = RequestOf(entry);
            using var answer = await _outside.Http.SendAsync(request, limit.Token);
            if (answer.IsSuccessStatusCode)
            {
                Succeed(entry);
                return true;
            }

            var status = (int)answer.StatusCode;
            var said = Excerpt.Of(await answer.Content.ReadAsStringAsync(limit.Token), 300);
            // 429 and 5xx pass, also a key that is being changed; any other refusal would be the same the next time.
            if (status is 429 or 401 or 403 or >= 500)
                return Fail($"it answered {status}: {said}", answer.Headers.RetryAfter);
            CollectorsMetrics.Refused("forward", $"{status}", entry.Items);
            CollectorsLog.ForwardRefused(_log, entry.Items, _options.Url, status, said);
            return true;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return !cancellationToken.IsCancellationRequested
                && Fail(fault is OperationCanceledException ? $"no answer within {_options.Timeout}" : fault.Message, null);
        }
    }

    private HttpRequestMessage RequestOf(BufferedEntry entry)
    {
        var root = _options.Url.AbsoluteUri.TrimEnd('/');
        var request = new HttpRequestMessage(HttpMethod.Post, entry.Kind == BufferedKind.Samples ? root + "/api/v1/write" : root + "/v1/logs")
        {
            Content = new ByteArrayContent(entry.Body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (entry.Kind == BufferedKind.Samples)
        {
            request.Content.Headers.ContentEncoding.Add("snappy");
            request.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        }

        if (_options.ApiKey.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.ApiKey);
        return request;
    }

    private void Succeed(BufferedEntry entry)
    {
        CollectorsMetrics.Samples(entry.Kind == BufferedKind.Samples ? "forward" : "forward_events", entry.Items);
        if (_wait == TimeSpan.Zero)
            return;
        _wait = TimeSpan.Zero;
        CollectorsLog.ForwardRecovered(_log, _options.Url, _buffer.Items);
    }

    private bool Fail(string error, RetryConditionHeaderValue? retryAfter)
    {
        CollectorsMetrics.Reads("forward", ok: false);
        if (_wait == TimeSpan.Zero)
            CollectorsLog.ForwardFailed(_log, _options.Url, error, _buffer.Items);
        _wait = _wait == TimeSpan.Zero ? _options.FirstWait : _wait * 2 < _options.LongestWait ? _wait * 2 : _options.LongestWait;
        var asked = retryAfter?.Delta ?? TimeSpan.Zero;
        _notBefore = _outside.Time.GetUtcNow() + (asked > _wait && asked <= _options.LongestWait ? asked : _wait);
        return false;
    }
}

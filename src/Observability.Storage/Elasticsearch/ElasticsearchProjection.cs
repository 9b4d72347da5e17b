using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// Copies incidents and alerts to Elasticsearch for search, over its bulk API. It is a projection: losing it loses
/// nothing but search, so it never holds the pipeline up. Offering never waits; <see cref="FlushAsync"/> sends what is due.
/// </summary>
public sealed class ElasticsearchProjection(HttpClient client, ElasticsearchOptions options, ILogger<ElasticsearchProjection> logger)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<ProjectedDocument> _queue = new();
    private DateTimeOffset _retryAt = DateTimeOffset.MinValue;
    private TimeSpan _backoff = options.Backoff;
    private long _dropped;
    private long _indexed;

    /// <summary>Documents that wait.</summary>
    public int Queued
    {
        get
        {
            lock (_gate)
                return _queue.Count;
        }
    }

    /// <summary>Documents given up since the start: the queue was full, or Elasticsearch refused them.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Documents taken since the start.</summary>
    public long Indexed => Volatile.Read(ref _indexed);

    /// <summary>Queues an incident; false where the queue is full and it was dropped.</summary>
    public bool Offer(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var body = JsonSerializer.SerializeToUtf8Bytes(IncidentDocument.Of(incident), ElasticsearchJson.Default.IncidentDocument);
        return Offer(new ProjectedDocument(options.IncidentIndex, incident.Id, incident.UpdatedAt.ToUnixTimeMilliseconds(), body));
    }

    /// <summary>Queues an alert; false where the queue is full and it was dropped. Each firing is a document of its own.</summary>
    public bool Offer(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var id = $"{alert.Fingerprint:x16}-{alert.StartsAt.ToUnixTimeMilliseconds()}";
        var body = JsonSerializer.SerializeToUtf8Bytes(AlertDocument.Of(alert), ElasticsearchJson.Default.AlertDocument);
        return Offer(new ProjectedDocument(options.AlertIndex, id, alert.UpdatedAt.ToUnixTimeMilliseconds(), body));
    }

    /// <summary>Sends the queue in batches until it is empty or a request fails; does nothing before the back-off is over.</summary>
    public async Task FlushAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < _retryAt)
            return;
        // At most what is queued now, so that items to retry do not keep this call busy.
        var batches = (Queued + options.MaximumBatch - 1) / options.MaximumBatch;
        for (; batches > 0; batches--)
        {
            var batch = Take();
            if (batch.Count == 0 || !await SendAsync(batch, now, cancellationToken))
                return;
        }
    }

    private bool Offer(ProjectedDocument document)
    {
        lock (_gate)
        {
            if (_queue.Count < options.MaximumQueued)
            {
                _queue.AddLast(document);
                return true;
            }
        }

        Drop("queue_full");
        return false;
    }

    private List<ProjectedDocument> Take()
    {
        lock (_gate)
        {
            var batch = new List<ProjectedDocument>();
            while (batch.Count < options.MaximumBatch && _queue.First is { } first)
            {
                batch.Add(first.Value);
                _queue.RemoveFirst();
            }

            return batch;
        }
    }

    private async Task<bool> SendAsync(List<ProjectedDocument> batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await PostAsync(batch, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
                return Settle(batch, await JsonSerializer.DeserializeAsync(stream, ElasticsearchJson.Default.BulkReply, cancellationToken), now);
            }

            if (!MayRecover((int)response.StatusCode))
            {
                foreach (var document in batch)
                    Refuse(document, $"HTTP {(int)response.StatusCode}");
                return true;
            }

            Delay(batch, $"HTTP {(int)response.StatusCode}", now);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Delay(batch, e.Message, now);
        }
        catch (OperationCanceledException)
        {
            PutBack(batch);
            throw;
        }

        return false;
    }

    private async Task<HttpResponseMessage> PostAsync(List<ProjectedDocument> batch, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Write(batch));
        content.Headers.ContentType = new("application/x-ndjson");
        return await client.PostAsync(new Uri("_bulk", UriKind.Relative), content, cancellationToken);
    }

    private static byte[] Write(List<ProjectedDocument> batch)
    {
        using var body = new MemoryStream();
        foreach (var document in batch)
        {
            var target = new BulkHeader.Target(document.Index, document.Id, document.Version, "external_gte");
            JsonSerializer.Serialize(body, new BulkHeader(target), ElasticsearchJson.Default.BulkHeader);
            body.WriteByte((byte)'\n');
            body.Write(document.Body);
            body.WriteByte((byte)'\n');
        }

        return body.ToArray();
    }

    private bool Settle(List<ProjectedDocument> batch, BulkReply? reply, DateTimeOffset now)
    {
        if (reply?.Items is not { } items || items.Count != batch.Count)
        {
            Delay(batch, $"the answer has {reply?.Items?.Count ?? 0} items for {batch.Count} documents", now);
            return false;
        }

        var again = new List<ProjectedDocument>();
        var reason = "";
        foreach (var (document, item) in batch.Zip(items))
        {
            var status = item.Index?.Status ?? 0;
            // 409: a newer version is there already, which is as good.
            if (status is >= 200 and < 300 or (int)HttpStatusCode.Conflict)
                CountIndexed();
            else if (MayRecover(status))
            {
                again.Add(document);
                reason = $"status {status} {item.Index?.Error?.Type}";
            }
            else
                Refuse(document, $"status {status} {item.Index?.Error?.Type}: {item.Index?.Error?.Reason}");
        }

        if (again.Count > 0)
        {
            Delay(again, reason, now);
            return false;
        }

        _backoff = options.Backoff;
        return true;
    }

    private static bool MayRecover(int status) =>
        status is 0 or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests or >= 500;

    private void Delay(List<ProjectedDocument> batch, string reason, DateTimeOffset now)
    {
        PutBack(batch);
        _retryAt = now + _backoff;
        _backoff = TimeSpan.FromTicks(Math.Min(_backoff.Ticks * 2, options.MaximumBackoff.Ticks));
        StorageLog.ProjectionDelayed(logger, batch.Count, reason, _retryAt);
    }

    // To the front: versions make the order harmless, but the oldest should be searchable first.
    private void PutBack(List<ProjectedDocument> batch)
    {
        lock (_gate)
        {
            for (var i = batch.Count - 1; i >= 0; i--)
                _queue.AddFirst(batch[i]);
            while (_queue.Count > options.MaximumQueued)
            {
                _queue.RemoveLast();
                Drop("queue_full");
            }
        }
    }

    private void Refuse(ProjectedDocument document, string reason)
    {
        StorageLog.DocumentRefused(logger, document.Index, document.Id, reason);
        Drop("refused");
    }

    private void Drop(string reason)
    {
        Interlocked.Increment(ref _dropped);
        StorageMetrics.DocumentsDropped.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    private void CountIndexed()
    {
        Interlocked.Increment(ref _indexed);
        StorageMetrics.DocumentsIndexed.Add(1);
    }
}

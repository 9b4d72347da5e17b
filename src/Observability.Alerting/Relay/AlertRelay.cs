using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// Hands every alert on to the pipeline and, as Prometheus would, to Alertmanagers: firing ones as often as their senders speak, ends at
/// once and then every resend delay for a quarter of an hour or until the alert fires again (alert generator specification 1.0).
/// A POST that fails is not repeated: what still holds is told again within the resend delay.
/// </summary>
public sealed class AlertRelay : IAlertOutput, IDisposable
{
    private readonly IAlertOutput _inner;
    private readonly AlertRelayOptions _options;
    private readonly HttpClient _http;
    private readonly ILogger<AlertRelay> _log;
    private readonly Lock _gate = new();
    private readonly Queue<Alert> _queue = new();
    private readonly Dictionary<LabelSet, (Alert Alert, DateTimeOffset ToldAt)> _ended = [];
    private readonly Dictionary<Uri, bool> _failing = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;

    /// <summary>Relays what is posted to <paramref name="inner"/>. The client stays the caller's.</summary>
    public AlertRelay(IAlertOutput inner, AlertRelayOptions options, HttpClient http, ILogger<AlertRelay> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_inner, _options, _http, _log) = (inner, options, http, log);
    }

    /// <summary>True while a POST is under way.</summary>
    internal bool IsSending => !_sending.IsCompleted;

    /// <inheritdoc/>
    public void Post(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        _inner.Post(alert);
        if (_options.Alertmanagers.Count == 0 || _options.HoldsBack(alert))
            return;
        lock (_gate)
        {
            if (alert.State == AlertState.Resolved)
                Keep(alert);
            else
                _ended.Remove(alert.Labels);
            Queue(alert);
        }
    }

    /// <summary>
    /// Queues the ends that are to be told again and, where no sending is under way, begins one. Returns at once: an Alertmanager that
    /// does not answer must not hold up the evaluation of rules.
    /// </summary>
    public void RunDue(DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (var (labels, ended) in _ended.ToArray())
            {
                if (now - ended.Alert.EndsAt >= _options.ResolvedRetention)
                {
                    _ended.Remove(labels);
                }
                else if (now - ended.ToldAt > _options.ResendDelay)
                {
                    _ended[labels] = (ended.Alert, now);
                    Queue(ended.Alert);
                }
            }

            if (_queue.Count > 0 && _sending.IsCompleted)
                _sending = Task.Run(() => SendAsync(_stop.Token));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Keep(Alert alert)
    {
        if (_ended.Count < _options.QueueCapacity)
            _ended[alert.Labels] = (alert, alert.UpdatedAt);
        else
            AlertingMetrics.CountRefused("relayed_ends");
    }

    private void Queue(Alert alert)
    {
        if (_queue.Count >= _options.QueueCapacity)
        {
            _queue.Dequeue();
            AlertingMetrics.RelayDropped.Add(1);
        }

        _queue.Enqueue(alert);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        while (TakeBatch() is { Count: > 0 } batch)
        {
            var body = AlertmanagerJson.Write(batch);
            await Task.WhenAll(_options.Alertmanagers.Select(url => SendAsync(url, body, batch.Count, cancellationToken)));
        }
    }

    private List<Alert> TakeBatch()
    {
        var batch = new List<Alert>();
        lock (_gate)
        {
            while (batch.Count < _options.BatchSize && _queue.TryDequeue(out var alert))
                batch.Add(alert);
        }

        return batch;
    }

    private async Task SendAsync(Uri alertmanager, ReadOnlyMemory<byte> body, int alerts, CancellationToken cancellationToken)
    {
        var url = new Uri(alertmanager.AbsoluteUri.TrimEnd('/') + "/api/v2/alerts");
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_options.Timeout);
        var tags = new KeyValuePair<string, object?>("alertmanager", alertmanager.Authority);
        try
        {
            using var content = new ReadOnlyMemoryContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await _http.PostAsync(url, content, timeout.Token);
            if (!answer.IsSuccessStatusCode)
                throw new HttpRequestException($"it answered {(int)answer.StatusCode}: {await BeginningAsync(answer, timeout.Token)}");
            AlertingMetrics.RelaySent.Add(alerts, tags);
            if (Note(alertmanager, failing: false))
                _log.RelayRecovered(url);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            AlertingMetrics.RelayFailed.Add(alerts, tags);
            if (!cancellationToken.IsCancellationRequested && Note(alertmanager, failing: true))
                _log.RelayFailed(url, alerts, fault is OperationCanceledException ? $"no answer within {_options.Timeout}" : fault.Message);
        }
    }

    private static async Task<string> BeginningAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return text.Length > 300 ? text[..300] : text;
    }

    // True where the Alertmanager's state changed: each trouble is told once.
    private bool Note(Uri alertmanager, bool failing)
    {
        lock (_gate)
        {
            var changed = _failing.GetValueOrDefault(alertmanager) != failing;
            _failing[alertmanager] = failing;
            return changed;
        }
    }
}

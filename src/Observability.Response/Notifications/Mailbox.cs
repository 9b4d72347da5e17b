using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// What waits for one channel, in order. Per incident nothing overtakes; a firing that is over before it left takes its
/// resolve with it; a delivered firing always gets its resolve.
/// </summary>
internal sealed class Mailbox(IChannel channel, OutboxOptions options, ILogger logger)
{
    // Incidents whose firing this channel took. More than can be open at once.
    private const int RememberedIncidents = 50_000;

    private readonly LinkedList<Letter> _letters = new();
    private readonly Dictionary<string, LinkedListNode<Letter>> _byId = new(StringComparer.Ordinal);
    private readonly HashSet<string> _fired = new(StringComparer.Ordinal);
    private readonly Queue<string> _firedOrder = new();
    private readonly List<(Letter Letter, string Why)> _withdrawn = [];
    private readonly TokenBucket _rate = new(channel.PerMinute);
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;

    public string Name => channel.Name;

    public int Waiting => _letters.Count;

    public void Queue(Notification notification)
    {
        if (_byId.ContainsKey(notification.Id))
            return;
        var letter = new Letter(notification);
        if (notification.Kind == NotificationKind.Digest)
            letter.DueAt = new DateTimeOffset(((notification.At.UtcTicks / options.DigestEvery.Ticks) + 1) * options.DigestEvery.Ticks, TimeSpan.Zero);
        _byId[notification.Id] = _letters.AddLast(letter);
        if (_letters.Count > options.MaximumWaiting && _letters.FirstOrDefault(one => !one.IsInFlight) is { } oldest)
        {
            ResponseMetrics.Dropped.Add(1, new KeyValuePair<string, object?>("channel", Name));
            ResponseLog.OutboxFull(logger, Name, options.MaximumWaiting, oldest.Notification.Id);
            Withdraw(oldest, "the outbox is full");
        }
    }

    /// <summary>An incident is muted: it leaves the digest that waits. What was to wake somebody was decided before, and is delivered.</summary>
    public void Mute(string incidentId)
    {
        foreach (var letter in _letters.Where(letter => letter.IncidentId == incidentId && letter.Notification.Kind == NotificationKind.Digest))
            letter.IsMuted = true;
    }

    /// <summary>Takes the journal's word on an attempt, in life and after a restart alike.</summary>
    public void Note(NotificationDelivery delivery)
    {
        if (!_byId.TryGetValue(delivery.NotificationId, out var node))
            return;
        var letter = node.Value;
        letter.IsInFlight = false;
        letter.Attempts = Math.Max(letter.Attempts, delivery.Attempt);
        if (delivery.Delivered && letter.Notification.Kind is NotificationKind.Firing or NotificationKind.Updated)
            Remember(letter.IncidentId);
        if (delivery.Delivered && letter.Notification.Kind == NotificationKind.Resolved)
            _fired.Remove(letter.IncidentId);
        if (delivery.Delivered || delivery.GivenUp)
        {
            _letters.Remove(node);
            _byId.Remove(delivery.NotificationId);
            return;
        }

        var wait = options.Retries[Math.Min(letter.Attempts, options.Retries.Length - 1)];
        letter.DueAt = delivery.At + (letter.RetryAfter is { } asked && asked > wait ? asked : wait);
    }

    public async Task DeliverAsync(List<NotificationDelivery> deliveries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        WithdrawPointless();
        foreach (var (letter, why) in _withdrawn)
            deliveries.Add(new NotificationDelivery(letter.Notification.Id, Name, letter.Attempts, Delivered: false, GivenUp: true, why, now));
        _withdrawn.Clear();
        while (now >= _pausedUntil && _rate.Available(now) is var room && room > 0)
        {
            var due = Due(now);
            var folding = due.Where(letter => letter.MayFold).Take(options.MaximumDigest).ToArray();
            if (due.Count == 0)
                return;
            _rate.Take();
            var digest = due[0].Notification.Kind == NotificationKind.Digest ? due.Where(letter => letter.Notification.Kind == NotificationKind.Digest).Take(options.MaximumDigest).ToArray() : [];
            if (digest.Length > 0)
                await SendAsync(digest, token => channel.SendDigestAsync(Array.ConvertAll(digest, letter => letter.Notification), now, token), deliveries, now, cancellationToken);
            else if (due.Count > room && folding.Length >= options.DigestFrom)
                await SendAsync(folding, token => channel.SendDigestAsync(Array.ConvertAll(folding, letter => letter.Notification), now, token), deliveries, now, cancellationToken);
            else
                await SendAsync([due[0]], token => channel.SendAsync(due[0].Notification, now, token), deliveries, now, cancellationToken);
        }
    }

    // Approvals and escalations first: somebody waits for them; questions and the digest last, they wait for nobody. Of an incident only the oldest letter may leave.
    private List<Letter> Due(DateTimeOffset now)
    {
        var due = new List<Letter>();
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var letter in _letters)
        {
            var isDue = !letter.IsInFlight && letter.DueAt <= now;
            if (!letter.MayFold ? isDue : isDue && !blocked.Contains(letter.IncidentId))
                due.Add(letter);
            if (letter.MayFold)
                blocked.Add(letter.IncidentId);
        }

        return [.. due.OrderBy(letter => letter.Notification.Kind is NotificationKind.Question or NotificationKind.Digest ? 2 : letter.MayFold ? 1 : 0)];
    }

    // Over before anybody heard of it: neither the firing nor the resolve is news. Where an attempt was made, the other
    // side may have it although its answer was lost, so the resolve goes out.
    private void WithdrawPointless()
    {
        foreach (var muted in _letters.Where(letter => letter is { IsMuted: true, IsInFlight: false }).ToArray())
            Withdraw(muted, "silenced before the digest left");
        foreach (var resolved in _letters.Where(letter => letter is { IsInFlight: false, Notification.Kind: NotificationKind.Resolved }).ToArray())
        {
            var before = _letters.TakeWhile(letter => letter != resolved).Where(letter => letter.MayFold && letter.IncidentId == resolved.IncidentId).ToArray();
            if (before.Any(letter => letter.IsInFlight))
                continue;
            foreach (var letter in before)
                Withdraw(letter, "over before it could be delivered");
            if (!_fired.Contains(resolved.IncidentId) && before.All(letter => letter.Attempts == 0) && resolved.Attempts == 0)
                Withdraw(resolved, "its firing was never delivered");
        }
    }

    private void Withdraw(Letter letter, string why)
    {
        if (!_byId.Remove(letter.Notification.Id, out var node))
            return;
        _letters.Remove(node);
        _withdrawn.Add((letter, why));
    }

    private void Remember(string incidentId)
    {
        if (!_fired.Add(incidentId))
            return;
        _firedOrder.Enqueue(incidentId);
        if (_firedOrder.Count > RememberedIncidents)
            _fired.Remove(_firedOrder.Dequeue());
    }

    private async Task SendAsync(
        Letter[] letters, Func<CancellationToken, Task<ChannelAnswer>> send, List<NotificationDelivery> deliveries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        ChannelAnswer answer;
        try
        {
            answer = await send(limit.Token);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // A sink's delivery is a boundary to the outside: whatever goes wrong there is a failed attempt.
            answer = new ChannelAnswer(false, true, fault is OperationCanceledException ? $"no answer within {options.Timeout.TotalSeconds:0} s" : fault.Message);
        }

        if (answer.RetryAfter is { } pause)
            _pausedUntil = now + pause;
        foreach (var letter in letters)
            deliveries.Add(DeliveryOf(letter, answer, letters.Length, now));
    }

    private NotificationDelivery DeliveryOf(Letter letter, ChannelAnswer answer, int folded, DateTimeOffset now)
    {
        letter.IsInFlight = true;
        letter.RetryAfter = answer.RetryAfter;
        var attempt = letter.Attempts + 1;
        // If a firing was delivered, its resolve always is.
        var isOwed = letter.Notification.Kind == NotificationKind.Resolved && _fired.Contains(letter.IncidentId);
        var isLast = !answer.Accepted && (!answer.MayRetry || (attempt >= options.Retries.Length && !isOwed));
        if (!answer.Accepted)
            ResponseLog.NotDelivered(logger, letter.Notification.Id, Name, answer.Detail);
        var outcome = answer.Accepted ? "delivered" : isLast ? "given_up" : "retry";
        ResponseMetrics.Deliveries.Add(1, new KeyValuePair<string, object?>("channel", Name), new KeyValuePair<string, object?>("outcome", outcome));
        return new NotificationDelivery(letter.Notification.Id, Name, attempt, answer.Accepted, isLast, folded > 1 ? $"in a digest of {folded}; {answer.Detail}" : answer.Detail, now);
    }
}

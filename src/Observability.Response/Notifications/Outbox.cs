using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Delivers journaled notifications, each to every channel, with a rate per channel and a retry schedule. What a restart
/// interrupts is delivered after it: the journal says what was queued and what was taken.
/// </summary>
public sealed class Outbox(IReadOnlyList<IChannel> channels, ILogger<Outbox> logger)
{
    private const int MaximumWaiting = 100_000;

    // Standard Webhooks' schedule, without its last days: an incident is over by then.
    private static readonly TimeSpan[] Retries =
        [TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)];

    private readonly List<Letter> _letters = [];
    private readonly Dictionary<string, (DateTimeOffset Minute, int Sent)> _rates = new(StringComparer.Ordinal);

    /// <summary>Messages that wait.</summary>
    public int Waiting => _letters.Count;

    /// <summary>Takes a queued notification from the journal.</summary>
    public void Queue(Notification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        foreach (var channel in channels)
        {
            if (_letters.Count >= MaximumWaiting)
                ResponseMetrics.Dropped.Add(1);
            else
                _letters.Add(new Letter(notification, channel));
        }
    }

    /// <summary>Takes the journal's word on an attempt.</summary>
    public void Note(NotificationDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var letter = _letters.Find(one => one.Notification.Id == delivery.NotificationId && one.Channel.Name == delivery.Channel);
        if (letter is null)
            return;
        letter.Attempts = Math.Max(letter.Attempts, delivery.Attempt);
        if (delivery.Delivered || delivery.GivenUp)
            _letters.Remove(letter);
    }

    /// <summary>Tries what is due, in order; the attempts are to be journaled and come back through <see cref="Note"/>.</summary>
    public async Task<IReadOnlyList<NotificationDelivery>> DeliverDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var deliveries = new List<NotificationDelivery>();
        foreach (var letter in _letters.Where(letter => letter.DueAt <= now && !letter.InFlight).ToArray())
        {
            if (!MaySend(letter.Channel, now))
                continue;
            letter.InFlight = true;
            deliveries.Add(await DeliverAsync(letter, now, cancellationToken));
            letter.InFlight = false;
        }

        return deliveries;
    }

    private async Task<NotificationDelivery> DeliverAsync(Letter letter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var attempt = ++letter.Attempts;
        ChannelAnswer answer;
        try
        {
            answer = await letter.Channel.SendAsync(letter.Notification, now, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            answer = new ChannelAnswer(false, true, fault.Message);
        }

        var isLast = !answer.Accepted && (!answer.MayRetry || attempt >= Retries.Length);
        letter.DueAt = answer.Accepted || isLast ? DateTimeOffset.MaxValue : now + (answer.RetryAfter ?? Retries[attempt]);
        if (!answer.Accepted)
            ResponseLog.NotDelivered(logger, letter.Notification.Id, letter.Channel.Name, answer.Detail);
        ResponseMetrics.Deliveries.Add(1, new KeyValuePair<string, object?>("channel", letter.Channel.Name), new KeyValuePair<string, object?>("outcome", answer.Accepted ? "delivered" : isLast ? "given_up" : "retry"));
        return new NotificationDelivery(letter.Notification.Id, letter.Channel.Name, attempt, answer.Accepted, isLast, answer.Detail, now);
    }

    private bool MaySend(IChannel channel, DateTimeOffset now)
    {
        var (minute, sent) = _rates.GetValueOrDefault(channel.Name);
        if (now - minute >= TimeSpan.FromMinutes(1))
            (minute, sent) = (now, 0);
        if (sent >= channel.PerMinute)
            return false;
        _rates[channel.Name] = (minute, sent + 1);
        return true;
    }

    private sealed class Letter(Notification notification, IChannel channel)
    {
        public Notification Notification { get; } = notification;

        public IChannel Channel { get; } = channel;

        public int Attempts { get; set; }

        public DateTimeOffset DueAt { get; set; } = DateTimeOffset.MinValue;

        public bool InFlight { get; set; }
    }
}

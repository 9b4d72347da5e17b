using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Delivers journaled notifications, each to every channel, with a rate per channel and a retry schedule; what the rate
/// does not carry leaves as a digest. What a restart interrupts is delivered after it: the journal says what was queued
/// and what was taken, and <see cref="Queue"/> and <see cref="Note"/> read it back.
/// </summary>
public sealed class Outbox(IReadOnlyList<IChannel> channels, ILogger<Outbox> logger, OutboxOptions? options = null)
{
    private readonly Mailbox[] _mailboxes = [.. channels.Select(channel => new Mailbox(channel, options ?? new OutboxOptions(), logger))];

    /// <summary>Messages that wait, counted once per channel.</summary>
    public int Waiting => _mailboxes.Sum(mailbox => mailbox.Waiting);

    /// <summary>Takes a queued notification from the journal; one that is known already changes nothing.</summary>
    public void Queue(Notification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        foreach (var mailbox in _mailboxes)
            mailbox.Queue(notification);
    }

    /// <summary>Takes the journal's word that nobody is to be told of an incident any more.</summary>
    public void Mute(string incidentId)
    {
        ArgumentNullException.ThrowIfNull(incidentId);
        foreach (var mailbox in _mailboxes)
            mailbox.Mute(incidentId);
    }

    /// <summary>Takes the journal's word on an attempt.</summary>
    public void Note(NotificationDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        foreach (var mailbox in _mailboxes)
        {
            if (mailbox.Name == delivery.Channel)
                mailbox.Note(delivery);
        }
    }

    /// <summary>Tries what is due; the attempts are to be journaled and come back through <see cref="Note"/>, which decides what is due next.</summary>
    public async Task<IReadOnlyList<NotificationDelivery>> DeliverDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var deliveries = new List<NotificationDelivery>();
        foreach (var mailbox in _mailboxes)
            await mailbox.DeliverAsync(deliveries, now, cancellationToken);
        return deliveries;
    }
}

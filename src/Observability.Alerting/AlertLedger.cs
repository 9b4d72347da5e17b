using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// Remembers which alerts of one sender fire, posts each when it starts and again every resend delay, and ends it once.
/// </summary>
internal sealed class AlertLedger(IAlertOutput output, TimeSpan resendDelay)
{
    private readonly Dictionary<LabelSet, (Alert Alert, DateTimeOffset PostedAt)> _firing = [];

    public int Count => _firing.Count;

    public bool IsFiring(LabelSet labels) => _firing.ContainsKey(labels);

    /// <summary>Starts an alert or renews its texts. <paramref name="atOnce"/> posts even if it was posted lately.</summary>
    public void Fire(Alert alert, DateTimeOffset now, bool atOnce = false)
    {
        var postedAt = DateTimeOffset.MinValue;
        if (_firing.TryGetValue(alert.Labels, out var known))
        {
            alert = alert with { StartsAt = known.Alert.StartsAt };
            postedAt = known.PostedAt;
        }

        if (!atOnce && now - postedAt < resendDelay)
        {
            _firing[alert.Labels] = (alert, postedAt);
            return;
        }

        _firing[alert.Labels] = (alert, now);
        Post(alert with { State = AlertState.Firing, UpdatedAt = now, EndsAt = now + (4 * resendDelay) });
    }

    /// <summary>Posts a firing alert again if it is time.</summary>
    public void Renew(LabelSet labels, DateTimeOffset now)
    {
        if (_firing.TryGetValue(labels, out var known))
            Fire(known.Alert, now);
    }

    /// <summary>Ends an alert; nothing happens where it does not fire.</summary>
    public void Resolve(LabelSet labels, DateTimeOffset now)
    {
        if (_firing.Remove(labels, out var known))
            Post(known.Alert with { State = AlertState.Resolved, UpdatedAt = now, EndsAt = now });
    }

    private void Post(Alert alert)
    {
        AlertingMetrics.CountPosted(alert);
        output.Post(alert);
    }
}

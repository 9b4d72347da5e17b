using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Merges versions of one alert as Alertmanager does, where their times overlap: the earliest start is kept; a firing newer
/// version does not shorten an explicit later end; of two resolved ones the later end wins; a resolved newer version always
/// resolves.
/// </summary>
internal static class AlertMerge
{
    public static PostedAlert Merge(PostedAlert older, PostedAlert newer)
    {
        if (newer.Alert.StartsAt > older.EndsAt || newer.EndsAt < older.Alert.StartsAt)
            return newer;
        var starts = older.Alert.StartsAt < newer.Alert.StartsAt ? older.Alert.StartsAt : newer.Alert.StartsAt;
        var (ends, isTimeout) = (newer.EndsAt, newer.IsTimeout);
        var bothResolved = newer.Alert.State == AlertState.Resolved && older.Alert.State == AlertState.Resolved;
        var olderExplicit = newer.Alert.State == AlertState.Firing && !older.IsTimeout && older.Alert.EndsAt is not null;
        if ((bothResolved || olderExplicit) && older.EndsAt > ends)
            (ends, isTimeout) = (older.EndsAt, false);
        var alert = newer.Alert with { StartsAt = starts, EndsAt = newer.Alert.EndsAt is null ? null : ends };
        return new PostedAlert(alert, ends, isTimeout);
    }
}

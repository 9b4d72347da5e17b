namespace Observability.Model;

/// <summary>What became of a notification on a channel.</summary>
/// <param name="NotificationId">The notification.</param>
/// <param name="Channel">The channel's name in the configuration.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Delivered">True where the other side accepted it.</param>
/// <param name="GivenUp">True where no further attempt will be made.</param>
/// <param name="Detail">The other side's answer, shortened.</param>
/// <param name="At">When.</param>
public sealed record NotificationDelivery(
    string NotificationId, string Channel, int Attempt, bool Delivered, bool GivenUp, string Detail, DateTimeOffset At);

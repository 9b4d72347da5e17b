using Observability.Model;

namespace Observability.Response;

/// <summary>A way to reach people or systems.</summary>
public interface IChannel
{
    /// <summary>Its name in the configuration.</summary>
    string Name { get; }

    /// <summary>Messages it takes per minute.</summary>
    int PerMinute { get; }

    /// <summary>Delivers a message. Failing with an exception means: try again.</summary>
    Task<ChannelAnswer> SendAsync(Notification notification, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Delivers many messages as one, the oldest first: what a full minute of a storm is folded into.</summary>
    Task<ChannelAnswer> SendDigestAsync(IReadOnlyList<Notification> notifications, DateTimeOffset now, CancellationToken cancellationToken);
}

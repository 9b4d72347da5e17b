using Observability.Model;

namespace Observability.Console;

/// <summary>Following the feed, the same for every component that shows it.</summary>
internal static class FeedFollowing
{
    /// <summary>Shows each snapshot until the component is closed. What goes wrong is told: a page that cannot draw would stand still and look alive.</summary>
    public static async Task FollowAsync(this IPlatformFeed feed, Func<PlatformSnapshot, Task> show, Func<Exception, Task> tell, CancellationToken closing)
    {
        try
        {
            await foreach (var snapshot in feed.WatchAsync(closing))
                await show(snapshot);
        }
        catch (OperationCanceledException)
        {
            // The component was closed.
        }
        catch (Exception fault) when (!closing.IsCancellationRequested)
        {
            await tell(fault);
        }
    }
}

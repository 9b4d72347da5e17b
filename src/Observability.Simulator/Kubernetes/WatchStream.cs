using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Observability.Simulator;

/// <summary>
/// Serves one watch as JSON lines until the client leaves, the time is up or its version is no longer kept. A watch holds a position in the
/// history instead of a queue: a slow client costs nothing and ends with 410 Gone when it falls behind.
/// </summary>
internal sealed class WatchStream(KubernetesCluster cluster, TimeProvider time, KubernetesOptions options)
{
    private const string InitialEventsEnd = "k8s.io/initial-events-end";

    public async Task ServeAsync(HttpContext context, ApiRequest request, ResourceFilter filter, CancellationToken cancel)
    {
        var writer = new ResponseWriter(context, request.Kind, request.Now);
        context.Response.ContentType = "application/json";
        var position = Begin(request, filter, writer);
        await context.Response.BodyWriter.FlushAsync(cancel);
        var end = request.Now + Limit(request);
        var bookmarked = request.Now;
        while (time.GetUtcNow() is var now && now < end)
        {
            var batch = cluster.Read(filter, position, now);
            foreach (var line in batch.Events)
                writer.WriteLine(line);
            if (batch.Failure is { } failure)
            {
                KubernetesMetrics.WatchesExpired.Add(1);
                writer.WriteLine(new WatchEvent("ERROR", failure.Body));
                await context.Response.BodyWriter.FlushAsync(cancel);
                return;
            }

            position = batch.Position;
            if (request.Asks("allowWatchBookmarks") && now - bookmarked >= options.BookmarkInterval)
            {
                bookmarked = now;
                writer.WriteLine(Bookmark(request.Kind, position, initial: false));
            }

            await context.Response.BodyWriter.FlushAsync(cancel);
            await WaitAsync(batch.Changed, now, cancel);
        }
    }

    // Without a version, or with 0, a watch starts with what is there; sendInitialEvents asks for the same and for a bookmark behind it.
    private long Begin(ApiRequest request, ResourceFilter filter, ResponseWriter writer)
    {
        var initial = request.Asks("sendInitialEvents");
        if (!initial && long.TryParse(request.Parameter("resourceVersion"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0)
            return version;
        var snapshot = cluster.Snapshot(filter, request.Now);
        foreach (var line in snapshot.Events)
            writer.WriteLine(line);
        if (initial && request.Asks("allowWatchBookmarks"))
            writer.WriteLine(Bookmark(request.Kind, snapshot.Position, initial: true));
        return snapshot.Position;
    }

    private TimeSpan Limit(ApiRequest request) =>
        double.TryParse(request.Parameter("timeoutSeconds"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e6
            ? TimeSpan.FromSeconds(seconds)
            : options.WatchTimeout;

    private async Task WaitAsync(Task changed, DateTimeOffset read, CancellationToken cancel)
    {
        using var poll = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var delay = Task.Delay(options.WatchPoll, time, poll.Token);
        // A clock that jumped since the last read, before the timer stood, would leave the watch asleep through what is already due.
        var due = time.GetUtcNow() - read >= options.WatchPoll;
#pragma warning disable VSTHRD003 // The store completes it and never waits for anybody, so nothing can lock up.
        if (!due)
            await Task.WhenAny(changed, delay);
#pragma warning restore VSTHRD003
        await poll.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private static WatchEvent Bookmark(ResourceKind kind, long position, bool initial)
    {
        var metadata = new JsonObject { ["resourceVersion"] = position.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
        if (initial)
            metadata["annotations"] = new JsonObject { [InitialEventsEnd] = "true" };
        return new WatchEvent("BOOKMARK", new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion, ["metadata"] = metadata });
    }
}

using Microsoft.AspNetCore.Components;
using Observability.Model;

namespace Observability.Console;

/// <summary>A page that always shows the newest snapshot. At most one redraw waits; a slow browser skips to the newest.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Where snapshots come from.</summary>
    [Inject]
    public IPlatformFeed Feed { get; set; } = null!;

    /// <summary>Where commands go.</summary>
    [Inject]
    public ICommandDoor Door { get; set; } = null!;

    /// <summary>The platform's clock, for the time of commands.</summary>
    [Inject]
    public TimeProvider Clock { get; set; } = null!;

    /// <summary>What is shown.</summary>
    protected PlatformSnapshot Snapshot { get; private set; } = PlatformSnapshot.Empty(DateTimeOffset.UnixEpoch);

    /// <summary>The answer to the last command; empty before the first.</summary>
    protected string Answer { get; private set; } = "";

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Snapshot = Feed.Current;
        OnSnapshot();
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
            _ = FollowAsync();
    }

    /// <summary>Called before each redraw, for what a page derives from the snapshot.</summary>
    protected virtual void OnSnapshot()
    {
    }

    /// <summary>Sends a command and keeps its answer for the page to show.</summary>
    protected async Task SubmitAsync(Command command)
    {
        var outcome = await Door.SubmitAsync(command, _closing.Token);
        Answer = outcome.Accepted ? "Done." : $"Refused: {outcome.Message}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops following.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var snapshot in Feed.WatchAsync(_closing.Token))
            {
                await InvokeAsync(() =>
                {
                    Snapshot = snapshot;
                    OnSnapshot();
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed.
        }
    }
}

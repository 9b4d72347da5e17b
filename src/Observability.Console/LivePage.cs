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

    /// <summary>Who asks.</summary>
    [Inject]
    public OperatorSession Operator { get; set; } = null!;

    /// <summary>What is shown.</summary>
    protected PlatformSnapshot Snapshot { get; private set; } = PlatformSnapshot.Empty(DateTimeOffset.UnixEpoch);

    /// <summary>The answer to the last command; null before the first.</summary>
    protected Answer? Answer { get; private set; }

    /// <summary>Ends with the page.</summary>
    protected CancellationToken Closing => _closing.Token;

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

    /// <summary>Called after each snapshot, for what a page asks the feed beside it.</summary>
    protected virtual Task ReadMoreAsync() => Task.CompletedTask;

    /// <summary>Stamps a command with who asks and when, sends it, and keeps its answer for the page to show.</summary>
    /// <returns>True where it was taken.</returns>
    protected async Task<bool> SubmitAsync(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (Door.NeedsKey && !Operator.IsProven)
        {
            Answer = new Answer(false, "Refused: this server takes commands only with one of its server.api_keys. Give yours in the bar above.");
            return false;
        }

        var outcome = await Door.SubmitAsync(
            Stamp(command) with { Actor = Operator.Actor, At = Clock.GetUtcNow() }, _closing.Token);
        Answer = Answer.To(outcome);
        return outcome.Accepted;
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

    // A silence and an exclusion carry their author inside, because they outlive the command.
    private Command Stamp(Command command) => command switch
    {
        CreateSilence create => create with { Silence = create.Silence with { CreatedBy = Operator.Actor } },
        ExcludeFromBudget exclude => exclude with { Exclusion = exclude.Exclusion with { Author = Operator.Actor } },
        _ => command,
    };

    private Task FollowAsync() => Feed.FollowAsync(
        snapshot => InvokeAsync(async () =>
        {
            Snapshot = snapshot;
            OnSnapshot();
            await ReadMoreAsync();
            StateHasChanged();
        }),
        DispatchExceptionAsync,
        _closing.Token);
}

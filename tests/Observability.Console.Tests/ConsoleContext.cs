using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Observability.Model;
using Observability.Testing;

namespace Observability.Console.Tests;

/// <summary>A console without a browser: its feed, its door and a clock that stands at <see cref="Now"/>.</summary>
internal sealed class ConsoleContext : BunitContext
{
    public ConsoleContext(PlatformSnapshot? snapshot = null)
    {
        Feed = new ScriptedFeed(snapshot ?? PlatformSnapshot.Empty(Now));
        Services.AddConsole();
        Services.AddSingleton<IPlatformFeed>(Feed);
        Services.AddSingleton<ICommandDoor>(Door);
        Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        JSInterop.Mode = JSRuntimeMode.Loose;
        JSInterop.Setup<bool>("observability.prefersDark").SetResult(true);
    }

    public static DateTimeOffset Now { get; } = Fleets.Start.AddMinutes(30);

    public ScriptedFeed Feed { get; }

    public RecordingDoor Door { get; } = new();

    public OperatorSession Operator => Services.GetRequiredService<OperatorSession>();

    /// <summary>Where the browser would be.</summary>
    public ConsoleContext At(string path)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(path);
        return this;
    }
}

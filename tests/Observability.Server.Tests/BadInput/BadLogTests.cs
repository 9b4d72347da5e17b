namespace Observability.Server.Tests;

/// <summary>Kernel log lines that no catalogue knows, or whose clock is wrong.</summary>
public sealed class BadLogTests : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kmsg-");
    private World _world = null!;

    private string Log => Path.Combine(_folder.FullName, "kern.log");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Log, "");
        _world = await World.StartAsync(options => options.Collect.KernelLogs.Add(new LogOptions { Path = Log, Node = "node-001" }));
        await _world.StepAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        if (_folder.Exists)
            _folder.Delete(recursive: true);
        _folder.Refresh();
    }

    [Fact]
    public async Task UnknownXid_IsAnAlertThatSaysSoAndIsCounted_AKnownOneBesideItIsItself()
    {
        var moved = await _world.MovedAsync(
            async () =>
            {
                Write(1, "NVRM: Xid (PCI:0000:3b:00): 9999, pid=1, name=python, something new.");
                Write(1, "NVRM: Xid (PCI:0000:86:00): 79, pid=1, name=python, GPU has fallen off the bus.");
                await _world.StepAsync(3);
            },
            "observability_alerting_unknown_codes_total", ("family", "xid"));

        Assert.Equal(1, moved);
        Assert.Equal(
            ["xid:79 gpu_off_bus node-001", "xid:9999 unknown node-001"],
            _world.Snapshot.Alerts.Values.Select(view => $"{view.Alert.Labels["code"]} {view.Alert.Labels["fault_class"]} {view.Alert.Labels["node"]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task LineFromTheFuture_CountsNow()
    {
        var moved = await _world.MovedAsync(
            async () =>
            {
                Write(3 * 3_600, "NVRM: Xid (PCI:0000:86:00): 79, pid=1, name=python, GPU has fallen off the bus.");
                await _world.StepAsync(2);
            },
            "observability_collectors_clamped_times_total");

        Assert.True(moved >= 1, "the time was not counted");
        Assert.True(Assert.Single(_world.Snapshot.Alerts.Values).Alert.StartsAt <= _world.Now);
    }

    [Fact]
    public async Task LineOfLongAgo_IsStaleAndNoAlert()
    {
        var moved = await _world.MovedAsync(
            async () =>
            {
                Write(-86_400, "NVRM: Xid (PCI:0000:86:00): 79, pid=1, name=python, GPU has fallen off the bus.");
                await _world.StepAsync(2);
            },
            "observability_collectors_refused_total", ("reason", "stale"));

        Assert.Equal(1, moved);
        Assert.Empty(_world.Snapshot.Alerts);
    }

    private void Write(double secondsFromNow, string message) => File.AppendAllText(
        Log, $"kern  :err   : {_world.Now.AddSeconds(secondsFromNow):yyyy-MM-dd'T'HH:mm:ss},000000+00:00 {message}\n");
}

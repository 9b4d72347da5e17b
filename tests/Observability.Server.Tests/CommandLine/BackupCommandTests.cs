using Observability.Metrics;
using Observability.Model;

namespace Observability.Server.Tests;

public sealed class BackupCommandTests : IDisposable
{
    private static readonly LabelSet Labels = LabelSet.Of((LabelSet.MetricNameLabel, "kept"));
    private readonly string _folder = Directory.CreateTempSubdirectory("backup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Backup_WhileTheStoreIsOpen_ComesBackThroughRestore()
    {
        var file = Path.Combine(_folder, "backup.zip");
        await using var store = Open("a");
        store.Append(BatchAt(1));
        await store.FlushAsync(World.Start.AddSeconds(1), TestContext.Current.CancellationToken);

        var backup = await Invoked.RunAsync(BackupCommand.BuildBackup(), file, "--config", Config("a"));
        store.Append(BatchAt(2));
        await store.FlushAsync(World.Start.AddSeconds(2), TestContext.Current.CancellationToken);
        var restore = await Invoked.RunAsync(BackupCommand.BuildRestore(), file, "--config", Config("b"));

        Assert.Equal(new Invoked(0, $"{file}: series.db\n", ""), backup);
        Assert.Equal(new Invoked(0, $"{file}: series.db\n", ""), restore);
        await using var restored = Open("b");
        Assert.Equal([Labels], restored.Series([], World.Start, World.Start.AddSeconds(1)));
        Assert.Empty(restored.Series([], World.Start.AddSeconds(2), World.Start.AddSeconds(2)));
        Assert.Equal(["backup.zip", "a", "b"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Where(name => !name!.EndsWith(".yaml", StringComparison.Ordinal)).OrderByDescending(name => name!.Length).ThenBy(name => name, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Restore_OverState_IsRefused()
    {
        await using (Open("a"))
        {
        }

        var restore = await Invoked.RunAsync(BackupCommand.BuildRestore(), Path.Combine(_folder, "none.zip"), "--config", Config("a"));
        Assert.Equal(new Invoked(2, "", $"{Path.Combine(_folder, "a", "series.db")}: exists; stop the server and move its state folder away first\n"), restore);
    }

    [Fact]
    public async Task Restore_OfADamagedBackup_ChangesNothing()
    {
        var file = Path.Combine(_folder, "backup.zip");
        await using (var store = Open("a"))
            store.Append(BatchAt(1));
        Assert.Equal(0, (await Invoked.RunAsync(BackupCommand.BuildBackup(), file, "--config", Config("a"))).Code);
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))[..200], TestContext.Current.CancellationToken);

        var restore = await Invoked.RunAsync(BackupCommand.BuildRestore(), file, "--config", Config("b"));

        Assert.Equal(2, restore.Code);
        Assert.StartsWith($"{file}: is not a backup: ", restore.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "b")));
    }

    private SeriesStore Open(string name)
    {
        Directory.CreateDirectory(Path.Combine(_folder, name));
        return new SeriesStore(new MetricsOptions { DatabasePath = Path.Combine(_folder, name, "series.db") });
    }

    private string Config(string name)
    {
        var path = Path.Combine(_folder, name + ".yaml");
        File.WriteAllText(path, $"server:\n  state: {Path.Combine(_folder, name)}\n");
        return path;
    }

    private static SampleBatch BatchAt(int second) => new(
        "test", World.Start.AddSeconds(second), [new SeriesSample(Labels, new Sample(World.Start.AddSeconds(second).ToUnixTimeMilliseconds(), second))]);
}

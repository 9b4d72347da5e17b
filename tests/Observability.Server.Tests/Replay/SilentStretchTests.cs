using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>Boots of days ago: told, and not worth a platform each.</summary>
public sealed class SilentStretchTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("silent-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task StretchOfWhichTheCatalogueSaysNothing_IsCountedAndNotPlayed_AndTheOtherOnesAre()
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "node-003.log"),
            "kern  :info  : 2026-02-27T12:00:00,000000+00:00 Linux version 6.8.0 (simulated) on node-003\n"
            + "kern  :err   : 2026-03-01T12:00:01,000000+00:00 NVRM: Xid (PCI:0000:3b:00): 79, pid=1, name=a, GPU has fallen off the bus.\n");
        var (content, _) = ContentCheck.Read(Path.Combine(SharedData.RepositoryRoot(), "rules"), Path.Combine(SharedData.RepositoryRoot(), "runbooks"));
        var opened = 0;
        PlatformSeams Open()
        {
            opened++;
            return PlatformSeams.None;
        }

        var report = await ReplayRun.RunAsync(new ReplayOptions { Folder = _folder.FullName, Content = SharedData.RepositoryRoot() }, content, Open, TestContext.Current.CancellationToken);

        Assert.Equal([(1, 0L, 0), (1, 1L, 1)], report.Stretches.Select(stretch => ((int)stretch.Events, (long)stretch.Alerts, stretch.Incidents.Count)));
        Assert.Equal(1, opened);
    }
}

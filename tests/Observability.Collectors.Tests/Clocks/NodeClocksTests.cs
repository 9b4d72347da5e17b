using System.Globalization;
using Observability.Model;

namespace Observability.Collectors.Tests;

/// <summary>What a node dates by its own clock is put where it belongs by ours.</summary>
public sealed class NodeClocksTests : IDisposable
{
    private const string OffBus = "NVRM: Xid (PCI:0000:3b:00): 79, pid=1, name=a, GPU has fallen off the bus.";
    private static readonly DateTimeOffset Now = World.Start.AddMinutes(10);

    private readonly World _world = new();
    private readonly NodeClocks _clocks = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clocks-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(165.5)]
    [InlineData(-1_200.0)]
    public void LineOfANodeWhoseClockIsOff_IsPutAtOurTime(double offset)
    {
        _clocks.See("node-003", Now.AddSeconds(-5), Unix(Now.AddSeconds(offset - 5)));

        Read(Now.AddSeconds(offset - 2));

        Assert.Equal([Now.AddSeconds(-2)], _world.Events.Select(one => one.At));
    }

    [Fact]
    public void ClockWithinASecond_OrNotReadForAWhile_OrOfAnotherNode_ChangesNothing()
    {
        _clocks.See("node-003", Now, Unix(Now.AddSeconds(0.9)));
        _clocks.See("node-004", Now, Unix(Now.AddSeconds(90)));
        Read(Now.AddSeconds(-2));
        _clocks.See("node-003", Now.AddMinutes(-6), Unix(Now.AddMinutes(-8)));
        Read(Now.AddSeconds(-20));
        _clocks.See("node-003", Now, double.NaN);

        Assert.Equal([Now.AddSeconds(-2), Now.AddSeconds(-20)], _world.Events.Select(one => one.At));
        Assert.Equal(TimeSpan.Zero, _clocks.OffsetOf("node-003", Now));
    }

    [Fact]
    public void WithoutTheClock_ALineFromAheadBecomesNow_AndOneFromFarBehindIsStale()
    {
        Read(Now.AddSeconds(165));
        Read(Now.AddMinutes(-20));

        Assert.Equal([Now], _world.Events.Select(one => one.At));
    }

    [Fact]
    public async Task Scrape_TellsWhatTheClockShowed_UnlessTheAnswerIsOldOrAnothers()
    {
        var bodies = new Queue<string>(["node_time_seconds 1772366500.5\nup_to 1\n", $"node_time_seconds 1772366400 {World.Start.ToUnixTimeMilliseconds()}\n"]);
        _world.Answer = _ => World.Text(bodies.Dequeue());
        using var loop = Loop(honorLabels: false);
        for (var step = 0; step < 3; step++)
            await loop.RunDueAsync(World.Start.AddSeconds(10 * step), CancellationToken.None);

        Assert.Equal([("node-000", 1772366500.5), null], _world.Batches.Select(batch => batch.NodeClock));
    }

    [Fact]
    public async Task Scrape_WhoseSamplesSayThatTheyAreOld_HasFailed()
    {
        var stated = World.Start.AddSeconds(-80).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var bodies = new Queue<string>(["a 1\nb 2\n", $"a 1 {stated}\nb 2 {stated}\n", $"a 1 {stated}\nb 3\n"]);
        _world.Answer = _ => World.Text(bodies.Dequeue());
        using var loop = Loop(honorLabels: false);
        for (var step = 0; step < 4; step++)
            await loop.RunDueAsync(World.Start.AddSeconds(10 * step), CancellationToken.None);

        Assert.Equal(["a 1,b 2,up 1", "a stale,b stale,up 0", "b 3,up 1"], _world.Batches.Select(Plain));
    }

    [Fact]
    public async Task Scrape_OfAnotherPrometheus_MayBeOld()
    {
        _world.Answer = _ => World.Text($"a 1 {World.Start.AddSeconds(-80).ToUnixTimeMilliseconds()}\n");
        using var loop = Loop(honorLabels: true);
        for (var step = 0; step < 2; step++)
            await loop.RunDueAsync(World.Start.AddSeconds(10 * step), CancellationToken.None);

        Assert.Equal(["a 1,up 1"], _world.Batches.Select(Plain));
    }

    [Fact]
    public void Recording_LinesOfAClockThatSteps_AreSetRightByTheReadingNextToThem()
    {
        // The clock is right until 12:01, then 100 s ahead; the second node has no clock of its own in the recording.
        Write("scrape/node/node-003.prom", string.Concat(Enumerable.Range(0, 13).Select(n =>
            FormattableString.Invariant($"node_time_seconds {Unix(World.Start.AddSeconds(n * 10)) + (n >= 6 ? 100 : 0)} {World.Start.AddSeconds(n * 10).ToUnixTimeMilliseconds()}\n"))));
        var journal = Unix(World.Start.AddSeconds(181)).ToString("0", CultureInfo.InvariantCulture);
        Write("kmsg/node-003.log", Dmesg(31) + Dmesg(171) + $"__REALTIME_TIMESTAMP={journal}000000\n_BOOT_ID=b\n_TRANSPORT=kernel\nMESSAGE={OffBus}\n\n");
        Write("kmsg/node-004.log", Dmesg(171));

        var reading = RecordedTelemetry.Read(_folder.FullName, new RecordedOptions { Start = World.Start });

        Assert.Equal(
            [("node-003", 31), ("node-003", 71), ("node-003", 81), ("node-004", 171)],
            reading.Items.Where(item => item.Event is not null).Select(item => (item.Event!.Labels["node"], (int)(item.At - World.Start).TotalSeconds)));
        Assert.Equal(2, reading.Corrected);
        Assert.All(reading.Items.Where(item => item.Event is not null), item => Assert.Equal(item.At, item.Event!.At));
    }

    [Fact]
    public void Recording_ScrapeWithoutTimesOfItsOwn_SaysNothingAboutClocks()
    {
        Write("scrape/node/node-003.prom", "node_time_seconds 1700000000\n");
        Write("kmsg/node-003.log", Dmesg(31));

        var reading = RecordedTelemetry.Read(_folder.FullName, new RecordedOptions { Start = World.Start });

        Assert.Equal((0, World.Start.AddSeconds(31)), (reading.Corrected, reading.Items.Single(item => item.Event is not null).At));
    }

    private static double Unix(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1_000.0;

    private static string Dmesg(int second) => $"kern  :err   : {World.Start.AddSeconds(second):yyyy-MM-ddTHH:mm:ss},000000+00:00 {OffBus}\n";

    private static string Plain(SampleBatch batch) => string.Join(',', World.Show(batch)
        .Select(line => (Name: line.Split('{')[0], Value: line.Split(' ')[^1])).Where(one => one.Name is "a" or "b" or "up").Select(one => $"{one.Name} {one.Value}"));

    private ScrapeLoop Loop(bool honorLabels) => new(
        [new FixedTargets([ScrapeTarget.Of(new Uri("http://h:1/metrics"), LabelSet.Of(("job", "node"), ("node", "node-000"))) with { HonorLabels = honorLabels }])],
        _world, new ScrapeOptions(), _world.Outside);

    private void Read(DateTimeOffset stated) => new KernelLogReader("node-003", _world, new TailOptions(), _clocks).Read(
        $"kern  :err   : {stated:yyyy-MM-ddTHH:mm:ss,ffffff}+00:00 {OffBus}", Now);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}

using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Observability.Collectors.Tests;

public sealed class LogFollowerTests : IDisposable
{
    private readonly World _world = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collectors-tail-");

    private string Log => Path.Combine(_folder.FullName, "kern.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task File_GrowsAndEndsInHalfALine_GivesEachCompleteLineOnce()
    {
        var follower = Follow(new TailOptions { ReadFromStart = true });
        await File.WriteAllTextAsync(Log, Xid(13) + "\n" + Xid(48)[..20]);
        await follower.RunDueAsync(World.Start, CancellationToken.None);
        await File.AppendAllTextAsync(Log, Xid(48)[20..] + "\n");
        await follower.RunDueAsync(World.Start.AddSeconds(1), CancellationToken.None);
        await follower.RunDueAsync(World.Start.AddSeconds(2), CancellationToken.None);

        Assert.Equal(["xid:13", "xid:48"], Codes());
    }

    [Fact]
    public async Task File_ByDefault_IsFollowedFromItsEnd()
    {
        await File.WriteAllTextAsync(Log, Xid(13) + "\n");
        var follower = Follow(new TailOptions());
        await follower.RunDueAsync(World.Start, CancellationToken.None);
        await File.AppendAllTextAsync(Log, Xid(48) + "\n");
        await follower.RunDueAsync(World.Start.AddSeconds(1), CancellationToken.None);

        Assert.Equal(["xid:48"], Codes());
    }

    [Fact]
    public async Task File_Rotated_ReadsTheRestOfTheOldOneFirst()
    {
        await File.WriteAllTextAsync(Log, Xid(13) + "\n");
        var follower = Follow(new TailOptions { ReadFromStart = true });
        await follower.RunDueAsync(World.Start, CancellationToken.None);
        await File.AppendAllTextAsync(Log, Xid(48) + "\n");
        File.Move(Log, Log + ".1");
        await File.WriteAllTextAsync(Log, Xid(63) + "\n" + Xid(64) + "\n" + Xid(74) + "\n");
        await follower.RunDueAsync(World.Start.AddSeconds(1), CancellationToken.None);

        Assert.Equal(["xid:13", "xid:48", "xid:63", "xid:64", "xid:74"], Codes());
    }

    [Fact]
    public async Task File_RotatedWithMoreLeftThanOnePart_LosesNothingAndRepeatsNothing()
    {
        await File.WriteAllTextAsync(Log, Xid(13) + "\n");
        var follower = Follow(new TailOptions { ReadFromStart = true, StepBytes = 300, FoldWindow = TimeSpan.Zero });
        await follower.RunDueAsync(World.Start, CancellationToken.None);
        var old = Enumerable.Range(100, 20).ToArray();
        await File.AppendAllLinesAsync(Log, old.Select(Xid));
        File.Move(Log, Log + ".1");
        await File.WriteAllLinesAsync(Log, [Xid(63), Xid(64)]);
        await follower.RunDueAsync(World.Start.AddSeconds(1), CancellationToken.None);

        Assert.Equal(["xid:13", .. old.Select(code => $"xid:{code}"), "xid:63", "xid:64"], Codes());
    }

    [Fact]
    public async Task File_Truncated_IsReadFromItsStart()
    {
        await File.WriteAllTextAsync(Log, Xid(13) + "\n" + Xid(48) + "\n");
        var follower = Follow(new TailOptions { ReadFromStart = true });
        await follower.RunDueAsync(World.Start, CancellationToken.None);
        await File.WriteAllTextAsync(Log, Xid(63) + "\n");
        await follower.RunDueAsync(World.Start.AddSeconds(1), CancellationToken.None);

        Assert.Equal(["xid:13", "xid:48", "xid:63"], Codes());
    }

    [Fact]
    public async Task File_ReaderRestarts_GoesOnWhereItStopped()
    {
        await File.WriteAllTextAsync(Log, Xid(13) + "\n");
        var first = Follow(new TailOptions { ReadFromStart = true });
        await first.RunDueAsync(World.Start, CancellationToken.None);
        await File.AppendAllTextAsync(Log, Xid(48) + "\n");
        var second = Follow(new TailOptions { ReadFromStart = true });
        second.Resume(first.Positions);
        await second.RunDueAsync(World.Start.AddSeconds(1), CancellationToken.None);

        Assert.Equal(["xid:13", "xid:48"], Codes());
    }

    [Fact]
    public void Split_LineLongerThanTheLimit_IsCutAndCounted()
    {
        var (lines, used, cut) = LineSplitter.Split(Encoding.UTF8.GetBytes("abcdefgh\nij\nkl"), 5);

        Assert.Equal(["abcde", "ij"], lines);
        Assert.Equal((12, 1), (used, cut));
    }

    [Fact]
    public async Task Kmsg_OverHttp_AsksForWhatFollowsAndStartsOverAfterAReboot()
    {
        var boot = "one";
        var records = new List<string>();
        _world.Answer = request =>
        {
            var query = request.RequestUri!.Query;
            var after = query.Length == 0 ? -1 : long.Parse(query["?after=".Length..], CultureInfo.InvariantCulture);
            var body = string.Concat(records.Where(line => long.Parse(line.Split(',')[1], CultureInfo.InvariantCulture) > after).Select(line => line + "\n"));
            var response = request.RequestUri.AbsolutePath == "/logs"
                ? World.Text("""[{"kind":"kmsg","node":"node-003","url":"/nodes/node-003/kmsg"},{"kind":"nonsense"}]""")
                : World.Text(body);
            response.Headers.Add("X-Boot-Id", boot);
            response.Headers.Add("X-Boot-Time-Unix-Ms", World.Start.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
            return response;
        };
        var follower = new KmsgFollower(
            [new HttpLogs(new Uri("http://sim:1/logs"), _world.Outside)], _world, new TailOptions(), _world.Outside);

        records.Add("3,7,1000000,-;" + Xid(13));
        await follower.RunDueAsync(World.Start.AddSeconds(1), CancellationToken.None);
        records.Add("3,8,2000000,-;" + Xid(48));
        await follower.RunDueAsync(World.Start.AddSeconds(2), CancellationToken.None);
        boot = "two";
        records.Clear();
        records.Add("3,0,0,-;Linux version 6.8");
        await follower.RunDueAsync(World.Start.AddSeconds(3), CancellationToken.None);

        Assert.Equal(
            ["one xid:13 12:00:01", "one xid:48 12:00:02", "two kernel:boot 12:00:00"],
            _world.Events.Select(read => $"{read.BootId} {read.Code} {read.At:HH:mm:ss}"));
        Assert.Equal(
            ["/logs", "/nodes/node-003/kmsg", "/nodes/node-003/kmsg?after=7", "/nodes/node-003/kmsg?after=8", "/nodes/node-003/kmsg"],
            _world.Requests);
    }

    [Fact]
    public async Task TrainingLog_OverHttp_FollowsTheNextOffset()
    {
        _world.Answer = request =>
        {
            var response = request.RequestUri!.Query == "?after=50"
                ? World.Text(" iteration 121/ 250 | lm loss: 9.5 |\n")
                : World.Text(" iteration 120/ 250 | elapsed time per iteration (ms): 4647.8 | lm loss: 9.7 | grad norm: 33.0 |\n");
            response.Headers.Add("X-Next-Offset", "50");
            return response;
        };
        var logs = new FixedLogs([new LogSource(LogKind.Training, "http://sim:1/jobs/llm/log", "llm")]);
        var follower = new TrainingLogFollower([logs], _world, _world, new TailOptions(), _world.Outside);

        await follower.RunDueAsync(World.Start, CancellationToken.None);
        await follower.RunDueAsync(World.Start.AddSeconds(1), CancellationToken.None);

        Assert.Equal(
            [
                "train_step{job_name=\"llm\"} 120", "train_step_duration_seconds{job_name=\"llm\"} 4.6478",
                "train_loss{job_name=\"llm\"} 9.7", "train_grad_norm{job_name=\"llm\"} 33",
                "train_step{job_name=\"llm\"} 121", "train_loss{job_name=\"llm\"} 9.5",
            ],
            _world.Batches.SelectMany(World.Show));
    }

    [Fact]
    public async Task Follower_SourceThatFails_IsSkippedAndTheOthersAreRead()
    {
        await File.WriteAllTextAsync(Log, Xid(13) + "\n");
        _world.Answer = _ => new HttpResponseMessage(HttpStatusCode.BadGateway);
        var logs = new FixedLogs(
            [new LogSource(LogKind.Kernel, "http://gone:1/kmsg", "a"), new LogSource(LogKind.Kernel, Log, "b")]);
        var follower = new KmsgFollower([logs], _world, new TailOptions { ReadFromStart = true }, _world.Outside);

        await follower.RunDueAsync(World.Start, CancellationToken.None);

        Assert.Equal(["xid:13"], Codes());
    }

    [Fact]
    public async Task File_LargerThanAStep_IsReadOverSeveralSteps()
    {
        await File.WriteAllTextAsync(Log, string.Concat(Enumerable.Range(1, 4).Select(code => Xid(code) + "\n")));
        var follower = Follow(new TailOptions { ReadFromStart = true, StepBytes = (Xid(1).Length * 2) + 10, PartsPerStep = 1 });
        await follower.RunDueAsync(World.Start, CancellationToken.None);
        var first = Codes().ToArray();
        await follower.RunDueAsync(World.Start.AddSeconds(1), CancellationToken.None);

        Assert.Equal(["xid:1", "xid:2"], first);
        Assert.Equal(["xid:1", "xid:2", "xid:3", "xid:4"], Codes());
    }

    [Fact]
    public async Task Kmsg_ResumedBehindTheLinesThatNameTheGpus_StillKnowsThem()
    {
        const string Uuid = "GPU-b6c3b2be-8d6f-4d1f-9f0e-1a2b3c4d5e6f";
        await File.WriteAllTextAsync(Log, $"NVRM: GPU at PCI:0000:3b:00: {Uuid}\n");
        var first = Follow(new TailOptions { ReadFromStart = true });
        await first.RunDueAsync(World.Start, CancellationToken.None);
        var stored = JsonSerializer.Deserialize<TailPosition[]>(JsonSerializer.Serialize(first.Positions))!;

        var second = Follow(new TailOptions { ReadFromStart = true });
        second.Resume(stored);
        await File.AppendAllTextAsync(Log, Xid(79) + "\n");
        await second.RunDueAsync(World.Start.AddSeconds(1), CancellationToken.None);

        Assert.Equal((Uuid, "0000:3b:00.0"), (Assert.Single(_world.Events).Labels["UUID"], _world.Events[0].Labels["pci_bus_id"]));
    }

    private static string Xid(int code) => $"NVRM: Xid (PCI:0000:3b:00): {code}, pid=1, name=a, text";

    private KmsgFollower Follow(TailOptions options) =>
        new([new FixedLogs([new LogSource(LogKind.Kernel, Log, "node-003")])], _world, options, _world.Outside);

    private IEnumerable<string> Codes() => _world.Events.Select(read => read.Code);
}

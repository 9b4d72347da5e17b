using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class FlightRecorderReaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dumps-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static RecordedRun Hang() =>
        new RecordedRun(("WORLD", [0, 1, 2])).Call("WORLD", 5, "completed", [0, 1, 2]).Call("WORLD", 6, "scheduled", [0, 2]);

    [Fact]
    public void Read_PickleAndJson_GiveTheSameRecords()
    {
        var pickled = Hang().Dumps(pickle: true);

        Assert.Equivalent(Hang().Dumps(pickle: false), pickled, strict: true);
        Assert.Equal(
            (0, "2.9", "2.27.3", 2, "10|WORLD|0,1,2", "0|6|-1|5", "nccl:all_reduce|1024|Float,Float|scheduled"),
            (pickled[0].Rank, pickled[0].Version, pickled[0].NcclVersion, pickled[0].Entries.Length,
                string.Join('|', pickled[0].Groups.Select(group => $"{group.Name}|{group.Description}|{string.Join(',', group.Ranks)}")),
                string.Join('|', pickled[0].Progress.Select(at => $"{at.LocalId}|{at.LastEnqueued}|{at.LastStarted}|{at.LastCompleted}")),
                string.Join('|', pickled[0].Entries[^1].Operation, pickled[0].Entries[^1].InputElements, string.Join(',', pickled[0].Entries[^1].Types), pickled[0].Entries[^1].State)));
    }

    [Theory]
    [InlineData("cos\nsystem\n", "opcode 0x63 (GLOBAL)")]
    [InlineData("(\u0008", "opcode 0x08")]
    [InlineData("}R", "opcode 0x52 (REDUCE)")]
    [InlineData("}}b", "opcode 0x62 (BUILD)")]
    [InlineData("Pid\n", "opcode 0x50 (PERSID)")]
    [InlineData("(iposix\nsystem\n", "opcode 0x69 (INST)")]
    public void Read_PickleThatNamesOrCallsSomething_IsRefused(string opcodes, string expected)
    {
        byte[] pickle = [0x80, 2, .. Encoding.Latin1.GetBytes(opcodes), (byte)'.'];

        Assert.Null(FlightRecorderReader.Read(pickle, "rank0", out var error));
        Assert.Contains(expected + (expected.EndsWith(')') ? " is not plain data and is never executed" : ""), error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PickleOfEveryProtocol_GivesItsValues()
    {
        // What pickle.dumps([True, -3, 2**40, 1.5, 'é', b'\x01', None, (1, 2)], protocol) writes, in the opcodes of protocols 2 and 4.
        byte[] four = [0x80, 4, 0x95, 40, 0, 0, 0, 0, 0, 0, 0, (byte)']', 0x94, (byte)'(', 0x88, (byte)'J', 0xfd, 0xff, 0xff, 0xff, 0x8a, 6, 0, 0, 0, 0, 0, 1,
            (byte)'G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0x8c, 2, 0xc3, 0xa9, 0x94, (byte)'C', 1, 1, 0x94, (byte)'N', (byte)'K', 1, (byte)'K', 2, 0x86, 0x94, (byte)'e', (byte)'.'];

        var list = Assert.IsType<List<object?>>(PickleReader.Read(four));
        Assert.Equal([true, -3L, 1L << 40, 1.5, "é"], list[..5]);
        Assert.Equal(new byte[] { 1 }, list[5]);
        Assert.Null(list[6]);
        Assert.Equal(new List<object?> { 1L, 2L }, list[7]);
    }

    [Fact]
    public void Read_RankOfADump_ComesFromItsGroupsBeforeItsName()
    {
        const string own = """{"entries":[],"pg_config":{"0":{"ranks":"[0, 1]","name":"0"},"3":{"ranks":"[1]","name":"3"}}}""";
        const string open = """{"entries":[],"pg_config":{"0":{"ranks":"[0, 1]","name":"0"}}}""";

        Assert.Equal(1, FlightRecorderReader.Read(Encoding.UTF8.GetBytes(own), "rank0.json", out _)!.Rank);
        Assert.Equal(0, FlightRecorderReader.Read(Encoding.UTF8.GetBytes(open), "job/nccl_trace_rank_0", out _)!.Rank);
        Assert.Null(FlightRecorderReader.Read(Encoding.UTF8.GetBytes(open), "dump.json", out var error));
        Assert.Equal("dump.json: its groups leave the rank open and its name does not end in a number; name it rank<N>", error);
    }

    [Property(MaxTest = 2_000)]
    public Property Read_DamagedDump_NeverThrows()
    {
        var whole = new[] { true, false }.Select(pickle => RecordedRun.Bytes(Hang().Files().First().Dump, pickle)).ToArray();
        var damaged = from bytes in Gen.Elements(whole)
                      from cut in Gen.Choose(0, bytes.Length)
                      from at in Gen.Choose(0, bytes.Length - 1)
                      from value in Gen.Choose(0, 255)
                      select bytes.Select((b, i) => i == at ? (byte)value : b).Take(cut).ToArray();
        return Prop.ForAll(Arb.From(damaged), bytes =>
        {
            var dump = FlightRecorderReader.Read(bytes, "rank0", out var error);
            return dump is null == error.Length > 0;
        });
    }

    [Fact]
    public void Recording_OfAFolderOfDumps_HasOneEventPerCulprit()
    {
        Write();

        var reading = RecordedTelemetry.Read(_folder.FullName, new RecordedOptions { Start = World.Start });

        Assert.Equal(["flight-recorder", "flight-recorder", "flight-recorder"], reading.Files.Select(file => file.Kind));
        var read = Assert.Single(reading.Items).Event!;
        Assert.Equal(
            ("nccl:flight_recorder", LabelSet.Of(("job_name", "llm"), ("rank", "1")),
                LabelSet.Of(("kind", "not_enqueued"), ("process_group", "10 WORLD"), ("sequence", "6"), ("ranks", "1"))),
            (read.Code, read.Labels, read.Fields));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds((RecordedRun.Start / 1_000_000) + 1_000), read.At);
    }

    [Fact]
    public void Follower_AFolderThatBecameQuiet_IsAnalysedOnce()
    {
        Write();
        var job = Path.Combine(_folder.FullName, "llm");
        foreach (var file in Directory.EnumerateFiles(job))
            File.SetLastWriteTimeUtc(file, World.Start.UtcDateTime);
        var world = new World();
        var follower = new FlightRecorderFollower(new FlightRecorderOptions { Folders = [new LogSource(LogKind.Training, job, "llm")] }, world, world.Outside);

        follower.RunDue(World.Start.AddSeconds(5));
        Assert.Empty(world.Events);
        follower.RunDue(World.Start.AddSeconds(16));
        follower.RunDue(World.Start.AddSeconds(60));

        Assert.Equal(["1"], world.Events.Select(read => read.Labels["rank"]));
    }

    private void Write()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "llm"));
        foreach (var (rank, dump) in Hang().Files())
            File.WriteAllBytes(Path.Combine(_folder.FullName, "llm", $"nccl_trace_rank_{rank}"), RecordedRun.Bytes(dump, pickle: true));
    }
}

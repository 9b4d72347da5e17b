namespace Observability.Collectors.Tests;

public sealed class FlightRecorderAnalysisTests
{
    private static readonly int[] All = [0, 1, 2, 3];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Analyse_RankThatDidNotComeToACollective_IsNamed(bool pickle) =>
        Same(
            [2], FlightRecorderKind.NotEnqueued, "10 WORLD", 6,
            ["rank 2: 0, 1, 3 waited in nccl:all_reduce, number 6 of process group 10 WORLD; rank 2 did not enqueue it; its last one is 5"],
            new RecordedRun(("WORLD", All)).Call("WORLD", 5, "completed", All).Call("WORLD", 6, "scheduled", [0, 1, 3]).Verdict(pickle));

    [Fact]
    public void Analyse_RankBehindBecauseItWaitsElsewhere_IsAVictim()
    {
        // 3 did not come to the pair {2, 3}; 2 therefore did not come to the world's collective, in which 0 and 1 wait.
        var run = new RecordedRun(("WORLD", All), ("PAIR A", [0, 1]), ("PAIR B", [2, 3]))
            .Call("WORLD", 9, "completed", All).Call("PAIR A", 4, "completed", [0, 1]).Call("PAIR B", 4, "scheduled", [2])
            .Call("WORLD", 10, "scheduled", [0, 1]);

        var verdict = run.Verdict();

        Assert.Equal([3], verdict.Ranks);
        Assert.Equal([3], run.OnlyOpen().Verdict().Ranks);
        Assert.Contains("waited in nccl:all_reduce", verdict.Evidence[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Analyse_TwoIndependentCulprits_AreBothNamed() =>
        Assert.Equal(
            [1, 6],
            new RecordedRun(("WORLD", [0, 1, 2, 3, 4, 5, 6, 7]), ("TP A", All), ("TP B", [4, 5, 6, 7]))
                .Call("TP A", 3, "scheduled", [0, 2, 3]).Call("TP B", 3, "scheduled", [4, 5, 7]).OnlyOpen().Verdict().Ranks);

    [Fact]
    public void Analyse_RankWhoseDeviceIsStuck_IsNamedThoughItEnqueuedAsMuchAsTheOthers() =>
        Same(
            [1], FlightRecorderKind.NotCompleted, "10 WORLD", 7,
            ["rank 1 enqueued collectives up to 9 of process group 10 WORLD and completed 6, while rank 0 completed 8: collective 7 nccl:all_reduce is stuck on rank 1 itself"],
            new RecordedRun(("WORLD", All)).Call("WORLD", 6, "completed", All)
                .Call("WORLD", 7, "completed", [0, 2, 3]).Call("WORLD", 8, "completed", [0, 2, 3]).Call("WORLD", 7, "scheduled", [1]).Call("WORLD", 8, "scheduled", [1])
                .Call("WORLD", 9, "scheduled", All).Verdict());

    [Fact]
    public void Analyse_RankThatDidNotStartOnItsDevice_IsNamed() =>
        Same(
            [3], FlightRecorderKind.NotStarted, "10 WORLD", 2,
            ["rank 3 enqueued collective 2 nccl:all_reduce of process group 10 WORLD and its device did not start it; 3 of 4 members did"],
            new RecordedRun(("WORLD", All)).Call("WORLD", 1, "completed", All).Call("WORLD", 2, "started", [0, 1, 2]).Call("WORLD", 2, "scheduled", [3]).Verdict());

    [Theory]
    [InlineData(FlightRecorderKind.OperationMismatch, "broadcast", 1024, "Float")]
    [InlineData(FlightRecorderKind.SizeMismatch, "all_reduce", 512, "Float")]
    [InlineData(FlightRecorderKind.TypeMismatch, "all_reduce", 1024, "Half")]
    public void Analyse_RankThatCalledSomethingElse_IsNamed(FlightRecorderKind kind, string operation, int size, string type)
    {
        var verdict = new RecordedRun(("WORLD", All)).Call("WORLD", 1, "completed", All)
            .Call("WORLD", 2, "scheduled", [0, 1, 3]).Call("WORLD", 2, "scheduled", [2], operation, size, type).Call("WORLD", 3, "scheduled", [2]).Verdict();

        Assert.Equal("2 " + kind, string.Join(',', verdict.Ranks) + " " + verdict.Kind);
        Assert.Equal((2L, "10 WORLD"), (verdict.Sequence, verdict.ProcessGroup));
    }

    [Fact]
    public void Analyse_PairThatDisagrees_IsDecidedByGroupsOfTheSameKind()
    {
        var run = new FlightRecorderDump[4];
        for (var rank = 0; rank < 4; rank++)
        {
            var group = rank < 2 ? "20" : "21";
            run[rank] = new FlightRecorderDump(rank)
            {
                Groups = [new FlightRecorderGroup(group, "TENSOR", rank < 2 ? [0, 1] : [2, 3])],
                Entries = [new FlightRecorderEntry { Group = group, CollectiveSequence = 8, Operation = rank == 0 ? "nccl:broadcast" : "nccl:all_reduce", State = "scheduled" }],
            };
        }

        Assert.Equal([0], FlightRecorderAnalysis.Analyse(run).Ranks);
        Assert.Equal([0, 1], FlightRecorderAnalysis.Analyse(run[..2]).Ranks);
    }

    [Fact]
    public void Analyse_DifferentAmountsInAllToAll_AreNoMismatch()
    {
        var run = new RecordedRun(("EXPERTS", All));
        foreach (var rank in All)
            run.Call("EXPERTS", 2, "scheduled", [rank], "all_to_all", 1_000 + rank);

        Same([], FlightRecorderKind.Unresolved, "10 EXPERTS", 2,
            ["nccl:all_to_all, number 2 of process group 10 EXPERTS, is enqueued by ranks 0, 1, 2, 3 and completed by none of them: it still runs, or the path between them is broken"],
            run.Verdict());
    }

    [Fact]
    public void Analyse_SendWithoutItsReceive_NamesThePeerThatDidNotPost() =>
        Same(
            [5], FlightRecorderKind.PointToPoint, "10 PIPELINE", 31,
            ["rank 5: 4 waited in nccl:send 1->2, number 31 of process group 10 PIPELINE; rank 5 did not post its half"],
            new RecordedRun(("PIPELINE", [3, 4, 5])).Post(3, "PIPELINE", 30, "send 0->1", "completed").Post(4, "PIPELINE", 30, "recv 1<-0", "completed")
                .Post(4, "PIPELINE", 31, "send 1->2").Verdict());

    [Fact]
    public void Analyse_PipelineBehindAStuckStage_NamesTheStageThatWaitsForNobody()
    {
        // 2 stands still; 1 waits for what 2 sends back, 0 for what 1 sends back.
        var verdict = new RecordedRun(("PIPELINE", [0, 1, 2]))
            .Post(0, "PIPELINE", 8, "recv 0<-1").Post(1, "PIPELINE", 9, "recv 1<-2").OnlyOpen().Verdict();

        Assert.Equal([2], verdict.Ranks);
    }

    [Fact]
    public void Analyse_RankThatNeverDumped_IsNamedWhereTheOthersWaitForNobodyElse()
    {
        var run = new RecordedRun(("WORLD", All)).Call("WORLD", 5, "completed", All).Call("WORLD", 6, "scheduled", [0, 1, 3]).Lose(2);

        Same([2], FlightRecorderKind.NoDump, "10 WORLD", 6,
            ["rank 2: 0, 1, 3 waited in nccl:all_reduce, number 6 of process group 10 WORLD; rank 2 left no dump"], run.Verdict());
        Assert.Equal(
            [3], new RecordedRun(("WORLD", All)).Call("WORLD", 6, "scheduled", [0, 1]).Lose(2).Verdict().Ranks);
    }

    [Fact]
    public void Analyse_SlowRank_IsNamedThoughEverythingCompletes()
    {
        var run = new RecordedRun(("WORLD", All));
        for (var sequence = 1; sequence <= 10; sequence++)
            run.Call("WORLD", sequence, "completed", [0, 1, 3]).Call("WORLD", sequence, "completed", [2], late: 500_000_000);

        Same([2], FlightRecorderKind.Slow, "10 WORLD", 10,
            ["rank 2 came last to 10 of 10 collectives of process group 10 WORLD; half of the others waited 500 ms or more for it"], run.Verdict());
    }

    [Fact]
    public void Analyse_HealthyRun_NamesNobody()
    {
        var run = new RecordedRun(("WORLD", All), ("PAIR A", [0, 1]), ("PAIR B", [2, 3]));
        for (var sequence = 1; sequence <= 10; sequence++)
            run.Call("WORLD", sequence, "completed", All, late: sequence * 1_000_000).Call("PAIR A", sequence, "completed", [0, 1]).Call("PAIR B", sequence, "completed", [2, 3]);

        Same([], FlightRecorderKind.Healthy, "", 0, [], run.Verdict());
        Same([], FlightRecorderKind.Healthy, "", 0, [], FlightRecorderAnalysis.Analyse([]));
    }

    [Fact]
    public void Analyse_DumpsInAnyOrder_GiveTheSameVerdict()
    {
        var dumps = new RecordedRun(("WORLD", All), ("PAIR B", [2, 3])).Call("PAIR B", 4, "scheduled", [2]).Call("WORLD", 10, "scheduled", [0, 1]).Dumps();

        Assert.Equivalent(FlightRecorderAnalysis.Analyse(dumps), FlightRecorderAnalysis.Analyse([.. dumps.Reverse()]), strict: true);
    }

    [Fact]
    public void Analyse_RecordedCases_NameTheInjectedRanks()
    {
        foreach (var folder in Directory.EnumerateDirectories(World.SharedData("samples", "flight_recorder")))
        {
            var injected = File.ReadLines(Path.Combine(folder, "fault_injection.log")).First(line => line.StartsWith("Fault ranks", StringComparison.Ordinal));
            var dumps = FlightRecorderFolder.Read(folder, out var refused);

            Assert.Empty(refused);
            Assert.Equal(16, dumps.Count);
            Assert.Equal(injected, $"Fault ranks: [{string.Join(", ", FlightRecorderAnalysis.Analyse(dumps).Ranks)}]");
        }
    }

    private static void Same(int[] ranks, FlightRecorderKind kind, string group, long sequence, string[] evidence, FlightRecorderVerdict verdict)
    {
        Assert.Equal(evidence, verdict.Evidence);
        Assert.Equal((string.Join(',', ranks), kind, group, sequence), (string.Join(',', verdict.Ranks), verdict.Kind, verdict.ProcessGroup, verdict.Sequence));
    }
}

using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class TrainingLogReaderTests
{
    private readonly World _world = new();

    [Theory]
    [InlineData(" [2026-08-22 10:11:12.1] iteration      120/  250000 | consumed samples: 5 | elapsed time per iteration (ms): 4647.8 | throughput per GPU (TFLOP/s/GPU): 412.3 | lm loss: 9.7E+00 | grad norm: 33.055 | number of nan iterations:   0 |", "120 4.6478  412.3  9.7 33.055")]
    [InlineData("[rank0]:[titan] \u001b[31mstep: 20  loss:  8.12345\u001b[0m  grad_norm:  1.2345  memory: 12.34GiB(25.00%)  tps: 12,345  tflops: 123.45  mfu: 12.5%", "20  12345 123.45 0.125 8.12345 1.2345")]
    [InlineData("step: 20  loss:  8.1  memory: 12.34GiB(25.00%)  tps: 5  mfu: N/A", "20  5   8.1 ")]
    [InlineData("Training epoch 0, iteration 45/99 | lr: 6.897e-06 | global_step: 46 | reduced_train_loss: 11.96 | train_step_timing in s: 6.08 | TFLOPS_per_GPU: 1.249e+03", "46 6.08  1249  11.96 ")]
    public void Progress_Line_IsReadAsFields(string line, string expected)
    {
        var step = ProgressLines.Read(line.Replace("\u001b[31m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal))!;

        Assert.Equal(expected, FormattableString.Invariant(
            $"{step.Step} {step.DurationSeconds} {step.TokensPerSecond} {step.Tflops} {step.MfuRatio} {step.Loss} {step.GradNorm}"));
    }

    [Fact]
    public void Read_WatchdogLinesOfSeveralRanks_AreOneEventPerRank()
    {
        string Line(int rank) =>
            $"[rank{rank}]:[E0301 11:59:58.832146912 ProcessGroupNCCL.cpp:607] [Rank {rank}] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=6463, OpType=ALLREDUCE, NumelIn=1, NumelOut=1, Timeout(ms)=600000) ran for 600017 milliseconds before timing out.";

        Read(Line(0), Line(1), Line(1));

        Assert.Equal(["0", "1"], _world.Events.Select(read => read.Labels["rank"]));
        Assert.Equal(
            new TelemetryEvent
            {
                At = World.Start.AddSeconds(-2),
                Source = EventSource.Nccl,
                Code = "nccl:watchdog_timeout",
                Raw = Line(0),
                Severity = EventSeverity.Application,
                Labels = LabelSet.Of(("job_name", "llm"), ("rank", "0")),
                Fields = LabelSet.Of(("sequence", "6463"), ("operation", "ALLREDUCE"), ("timeout_ms", "600000"), ("ran_ms", "600017")),
                DedupeKey = "nccl:watchdog_timeout|llm|0|6463",
            },
            _world.Events[0]);
    }

    [Fact]
    public void Read_InterleavedTracebacks_AreJoinedPerRank()
    {
        Read(
            "[rank3]: Traceback (most recent call last):", "[rank5]: Traceback (most recent call last):",
            "[rank3]:   File \"train.py\", line 8, in <module>", "[rank5]:   File \"data.py\", line 2",
            "[rank5]: ValueError: bad shard", "step: nonsense", "[rank3]: torch.OutOfMemoryError: CUDA out of memory");

        Assert.Equal(
            ["5 ValueError ValueError: bad shard", "3 torch.OutOfMemoryError torch.OutOfMemoryError: CUDA out of memory"],
            _world.Events.Select(read => $"{read.Labels["rank"]} {read.Fields["exception"]} {read.Fields["message"]}"));
        Assert.All(_world.Events, read => Assert.Equal("train:traceback", read.Code));
    }

    [Fact]
    public void Read_ExceptionAndIbLines_GiveTheirFields()
    {
        Read(
            "[PG 0 (default_pg) Rank 1] Exception (either an error or timeout) detected by watchdog at work: 6463, last enqueued NCCL work: 6464, last completed NCCL work: 6462.",
            "node-2:5776:5902 [0] transport/net_ib.cc:1296 NCCL WARN NET/IB : Got completion from peer 10.2.0.5<33092> with error 12, opcode 0, len 0, vendor err 129 (Recv)");

        Assert.Equal(
            ["nccl:watchdog_exception{last_completed=\"6462\", last_enqueued=\"6464\", process_group=\"0\", sequence=\"6463\"}",
                "nccl:remote_error{error=\"12\", peer=\"10.2.0.5<33092>\", vendor_error=\"129\"}"],
            _world.Events.Select(read => read.Code + read.Fields));
    }

    private void Read(params string[] lines) =>
        new TrainingLogReader(new LogSource(LogKind.Training, "log", "llm"), _world, null, new TailOptions())
            .Read(new TailRead(null, lines), World.Start);
}

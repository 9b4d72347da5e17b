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

    [Theory]
    [InlineData("samples/sec: 7.799 | iteration       34/   10000 | elapsed time per iteration (ms): 4103.1 | learning rate: 1.0E-05 | approx flops per GPU: 112.9TFLOPS | lm_loss: 3.1E+00 | number of skipped iterations:   2 | number of nan", "step=34 duration=4.1031 sps=7.799 tflops=112.9 loss=3.1 lr=1E-05 skipped=2 attention=causal")]
    [InlineData("iteration: 991 / 1000 | consumed_tokens: 634K | elapsed_time_per_iteration_ms: 45 | tokens_per_sec: 14.2K | tokens_per_sec_per_gpu: 1.78K | global_batch_size: 16 | lm_loss: 3.1 | lr: 0.0003 | model_tflops_per_gpu: 0.5 | hardware_tflops_per_gpu: 0.6 | grad_norm: 0.", "step=991 duration=0.045 tps=1780 tflops=0.5 hw=0.6 loss=3.1 lr=0.0003 batch=16")]
    [InlineData("Epoch 0: 1%| | 795/77225 [9:07:58<878:01:48, 41.36s/it, loss=3.1, v_num=0, global_step=794.0, consumed_samples=1.63e+6]", "step=794 duration=41.36 loss=3.1")]
    [InlineData("  2%|2         | 10/500 [00:12<10:12,  1.25it/s]", "step=10 duration=0.8")]
    [InlineData("[2026-08-22 10:11:12,123] [INFO] [timer.py:258:stop] epoch=0/micro_step=40/global_step=10, RunningAvgSamplesPerSec=41.2, CurrSamplesPerSec=42.0, MemAllocated=32.1GB", "step=10 sps=42 epoch=0")]
    [InlineData("0/40, SamplesPerSec=83.48609168106144, MemAllocated=0.26GB", "step=0 sps=83.48609168106144")]
    [InlineData("[2026-08-22 10:11:12,123] [INFO] [logging.py:96:log_dist] [Rank 0] step=10, skipped=1, lr=[0.001], mom=[[0.8, 0.999]]", "step=10 lr=0.001 skipped=1")]
    [InlineData("{'loss': 1.1406, 'grad_norm': 1.158, 'learning_rate': 2.2e-05, 'epoch': 0.29}", "loss=1.1406 gn=1.158 lr=2.2E-05 epoch=0.29")]
    [InlineData("{'train_runtime': 225.8, 'train_samples_per_second': 3.543, 'train_steps_per_second': 0.886, 'train_loss': 1.211, 'epoch': 0.32}", "sps=3.543 loss=1.211 epoch=0.32")]
    [InlineData("step: 20  loss:  8.1  memory: 12.34GiB(25.00%)  tps: 5,0", "step=20 tps=50 loss=8.1 attention=full")]
    [InlineData("{'user': 'loss', 'text': 'step'}", "none")]
    [InlineData("saved checkpoint of iteration 12/24", "none")]
    public void Progress_LineOfEveryFramework_GivesItsNumbers(string line, string expected)
    {
        static string Show(TrainingStep? step) => step is null ? "none" : string.Join(' ', new (string, object?)[]
        {
            ("step", step.Step), ("duration", step.DurationSeconds), ("tps", step.TokensPerSecond), ("sps", step.SamplesPerSecond), ("tflops", step.Tflops),
            ("hw", step.HardwareTflops), ("mfu", step.MfuRatio), ("loss", step.Loss), ("gn", step.GradNorm), ("lr", step.LearningRate),
            ("epoch", step.Epoch), ("batch", step.GlobalBatchSize), ("skipped", step.SkippedSteps), ("attention", step.Attention.Length > 0 ? step.Attention : null),
        }.Where(field => field.Item2 is not null).Select(field => FormattableString.Invariant($"{field.Item1}={field.Item2}")));

        Assert.Equal(expected, Show(ProgressLines.Read(line)));
    }

    [Fact]
    public void Read_MegatronLogWithItsArguments_ComputesMfuWithItsAssumptions()
    {
        // 6N + 12LHQT = 6*7e9 + 12*32*32*128*4096 = 48.442e9; 128*4096/5/8 = 13107.2 tokens/s and GPU; over 989e12: 0.6420.
        var shape = new ModelShape { Parameters = 7e9, PeakFlops = 989e12 };
        string[] log =
        [
            "  num_layers ...................................... 32", "  num_attention_heads ............................. 32",
            "  kv_channels ..................................... 128", "  seq_length ...................................... 4096",
            "  world_size ...................................... 8",
            " [2026-03-01 11:59:59] iteration       43/     100 | elapsed time per iteration (ms): 5000.0 | throughput per GPU (TFLOP/s/GPU): 239.8 | global batch size:   128 |",
        ];

        Assert.Equal(
            ["train_mfu_ratio{attention=\"full\", job_name=\"llm\", peak=\"dense\", source=\"computed\"} 0.642"], Utilisations(shape, log));
        Assert.Equal(
            ["train_mfu_ratio{attention=\"causal\", job_name=\"llm\", peak=\"sparse\", source=\"computed\"} 0.2995",
                "train_hfu_ratio{attention=\"causal\", job_name=\"llm\", peak=\"sparse\", source=\"computed\"} 0.3993"],
            Utilisations(shape with { IsCausal = true, PeakFlops = 1_979e12, PeakIsSparse = true, RecomputesAll = true }, log));

        // Without the shape the framework's own count is all there is, and it is causal.
        Assert.Equal(
            ["train_mfu_ratio{attention=\"causal\", job_name=\"llm\", peak=\"dense\", source=\"computed\"} 0.2425"],
            Utilisations(new ModelShape { PeakFlops = 989e12 }, log[^1]));
        Assert.Empty(Utilisations(new ModelShape(), log));
    }

    [Fact]
    public void Read_TitanLog_KeepsTheMfuThatItPrints() => Assert.Equal(
        ["train_mfu_ratio{attention=\"full\", job_name=\"llm\", peak=\"dense\", source=\"log\"} 0.2562"],
        Utilisations(
            new ModelShape { Parameters = 1, PeakFlops = 1 },
            "[titan] Peak FLOPS used for computing MFU: 9.890e+14",
            "step: 20  loss: 11.83506  grad_norm:  9.6669  memory: 48.87GiB(51.44%)  tps: 4,376  tflops: 253.41  mfu: 25.62%"));

    [Fact]
    public void Read_BarsThatOverwriteThemselves_CountTheLast()
    {
        new TrainingLogReader(new LogSource(LogKind.Training, "log", "llm"), _world, _world, new TailOptions()).Read(
            new TailRead(null, ["  1%|  | 5/500 [00:06<10:12,  1.25s/it]\r  2%|  | 10/500 [00:12<10:12,  1.50s/it]"]), World.Start);

        Assert.Equal(
            ["train_step{job_name=\"llm\"} 10", "train_step_duration_seconds{job_name=\"llm\"} 1.5"], World.Show(_world.Batches[0]));
    }

    [Fact]
    public void Read_RootCauseOfTorchrun_NamesRankAndHost()
    {
        Read(
            "[0]: other", "Root Cause (first observed failure):", "[0]:", "  time      : 2026-02-11_10:11:12", "  host      : node-017",
            "  rank      : 35 (local_rank: 3)", "  exitcode  : -6 (pid: 51234)", "  error_file: /tmp/x/error.json",
            "  traceback : Signal 6 (SIGABRT) received by PID 51234", "============================================================");

        var read = Assert.Single(_world.Events);
        Assert.Equal("train:elastic_failure", read.Code);
        Assert.Equal(LabelSet.Of(("job_name", "llm"), ("rank", "35"), ("node", "node-017")), read.Labels);
        Assert.Equal(
            LabelSet.Of(("exit_code", "-6"), ("error_file", "/tmp/x/error.json"), ("time", "2026-02-11_10:11:12"), ("message", "Signal 6 (SIGABRT) received by PID 51234")),
            read.Fields);
    }

    [Theory]
    [InlineData("Unexpected result nan on rank 7 at iteration #41 invocation #2 (message='found NaN in local forward loss calculation')", "replay:unexpected_result 7  message=found NaN in local forward loss calculation step=41")]
    [InlineData("[rank12]: Rank 12, node node-017, device 4, iteration #4100: Possible transient error!!", "replay:transient_error 12 node-017 message=Possible transient error step=4100")]
    [InlineData("2026-03-01 12:00:00 ERROR Rank 12, node trainer-1, device 4, iteration #4100: Possible persistent error!!", "replay:persistent_error 12 trainer-1 message=Possible persistent error step=4100")]
    [InlineData("Rank 3, node n, device 3, iteration #9: Correct result (but possible Application error) (Spiky loss)!", "replay:correct_result 3 n message=Correct result (but possible Application error) (Spiky loss) step=9")]
    [InlineData("Rank 3, node n, device 3, iteration #9: First rerun: unexpected result is reproducible within the tolerance (1.0 = 1.0). Need to rerun on a different GPU to verify correctness.!", "replay:reproducible 3 n message=First rerun: unexpected result is reproducible within the tolerance (1.0 = 1.0). Need to rerun on a different GPU to verify correctness. step=9")]
    [InlineData("Rank 3, node n, device 3, iteration #9: First rerun: unexpected result is not reproducible within the tolerance (2.0 != 1.0)!", "")]
    [InlineData("Rank 3, node n, device x, iteration #9: Possible transient error!!", "")]
    public void Read_StepThatMegatronComputedAgain_NamesTheRank(string line, string expected)
    {
        Read(line);

        Assert.Equal(expected, string.Join('|', _world.Events.Select(read =>
            $"{read.Code} {read.Labels["rank"]} {read.Labels["node"]} message={read.Fields["message"]} step={read.Fields["step"]}")));
    }

    [Fact]
    public void Read_DesyncReportAndCutIbLine_AreEvents()
    {
        Read(
            "     [1] finished collective #2, but didn't join collective #3 (count from 1)",
            "node-2:5776:5902 [0] transport/net_ib.cc:1296 NCCL WARN NET/IB : Got completion from peer 10.2.0.5<33092> with error 12, opcode 0, len",
            " [2025-12-19 13:07:07] PEER_DEAD: Process 15 on node 10.0.0.5 managing GPU 1");

        Assert.Equal(
            ["nccl:desync 1 {last_completed=\"2\", sequence=\"3\"}", "nccl:remote_error  {error=\"12\", peer=\"10.2.0.5<33092>\"}",
                "nccl:ras_peer_dead  {gpu=\"1\", peer=\"10.0.0.5\", pid=\"15\"}"],
            _world.Events.Select(read => $"{read.Code} {read.Labels["rank"]} {read.Fields}"));
    }

    [Theory]
    [InlineData("{\"message\":{\"message\":\"RuntimeError: CUDA error\",\"extraInfo\":{\"py_callstack\":\"Traceback\",\"timestamp\":\"1767225600\"},\"errorCode\":1}}",
        "2026-01-01T00:00:00 RuntimeError|RuntimeError: CUDA error|1|Traceback")]
    [InlineData("{\"message\":\"killed\"}", "2026-03-01T12:00:00 killed|killed||killed")]
    [InlineData("{\"message\":{\"message\":\"x\",\"extraInfo\":7}}", "2026-03-01T12:00:00 x|x||x")]
    [InlineData("{\"message\":", "not JSON")]
    [InlineData("[]", "no error file of torchelastic: it has no message")]
    public void ErrorFile_OfTorchelastic_IsAnEvent(string json, string expected)
    {
        var read = ElasticErrorFile.Read(System.Text.Encoding.UTF8.GetBytes(json), ("llm", ""), World.Start, out var error);

        Assert.StartsWith(expected, read is null ? error
            : $"{read.At:yyyy-MM-ddTHH:mm:ss} {read.Fields["exception"]}|{read.Fields["message"]}|{read.Fields["error_code"]}|{read.Raw}", StringComparison.Ordinal);
    }

    [FsCheck.Xunit.Property(MaxTest = 500)]
    public FsCheck.Property Read_DamagedLines_NeverThrow() => FsCheck.Fluent.Prop.ForAll(
        FsCheck.Fluent.Gen.Elements(
            "iteration: 991 / 1000 | tokens_per_sec_per_gpu: 1.78K | lm_loss: 3.1 |", "  num_layers ...................................... 32",
            "Epoch 0: 1%| | 795/77225 [9:07:58<878:01:48, 41.36s/it, loss=3.1, global_step=794.0]", "{'loss': 1.1406, 'epoch': 0.29}",
            "epoch=0/micro_step=40/global_step=10, RunningAvgSamplesPerSec=41.2, CurrSamplesPerSec=42.0, MemAllocated=32.1GB",
            "[Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=2, OpType=ALLREDUCE, NumelIn=4, NumelOut=4, Timeout(ms)=8000) ran for 8097 milliseconds").ArbMapDamage(),
        line =>
        {
            var world = new World();
            new TrainingLogReader(new LogSource(LogKind.Training, "log", "llm"), world, world, new TailOptions()).Read(new TailRead(null, [line, line]), World.Start);
            return world.Batches.Count <= 1 && world.Events.Count <= 1;
        });

    private static string[] Utilisations(ModelShape shape, params string[] log)
    {
        var world = new World();
        new TrainingLogReader(new LogSource(LogKind.Training, "log", "llm"), world, world, new TailOptions()) { Configured = shape }
            .Read(new TailRead(null, log), World.Start);
        return [.. world.Batches[0].Samples.Where(sample => sample.Labels.MetricName.Contains("fu_ratio", StringComparison.Ordinal))
            .Select(sample => FormattableString.Invariant($"{sample.Labels} {Math.Round(sample.Sample.Value, 4)}"))];
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

using System.Text;

namespace Observability.Collectors.Tests;

public sealed class NcclCaptureTests
{
    private const string Status = """
        {"timestamp":"2026-03-01 11:00:00","communicators":[{"hash":"0xab","size":3,
          "ranks":[{"rank":0,"host":"10.0.0.1","pid":5,"nvml_dev":0,"collective_counts":{"AllReduce":7,"Broadcast":2}},
                   {"rank":1,"host":"10.0.0.1","pid":6,"nvml_dev":1,"collective_counts":{"AllReduce":6,"Broadcast":2}}],
          "missing_ranks":[{"rank":2,"host":"10.0.0.2","pid":7,"nvml_dev":0,"status":{"unresponsive":true,"considered_dead":false}}]}]}
        """;

    [Fact]
    public void Read_RasStatus_NamesMissingRanksAndThoseBehind() => Assert.Equal(
        ["nccl:ras_missing_rank {gpu=\"0\", job_name=\"llm\", node=\"10.0.0.2\", rank=\"2\"} {communicator=\"0xab\", considered_dead=\"false\", pid=\"7\", unresponsive=\"true\"}",
            "nccl:ras_behind {gpu=\"1\", job_name=\"llm\", node=\"10.0.0.1\", rank=\"1\"} {communicator=\"0xab\", most_operations=\"9\", operations=\"8\", pid=\"6\"}"],
        Read("llm.json", Status).Items.Select(item => $"{item.Event!.Code} {item.Event.Labels} {item.Event.Fields}"));

    [Fact]
    public void Read_RasText_NamesWhoIsListed()
    {
        const string text = """
            Job summary
            ===========

            #0-0 (27a079b828ff1a75) MISMATCH
              Communicator ranks have different collective operation counts
              2 ranks have launched up to operation 6650
              1 rank has launched up to operation 6649
              Rank 5 -- GPU 5 managed by process 483077 on node 10.0.0.1
            INCOMPLETE
              Missing communicator data from 1 job process
              Process 3487984 on node 10.0.0.3 managing GPU 5
            #0-0 (cf264af53edbe986) INCOMPLETE
              Missing communicator data from 2 ranks
              The missing ranks: 21, 22
            DEAD
              1 job process is considered dead (unreachable via the RAS network)
              Process 3487985 on node 10.0.0.4 managing GPU 6
             [2026-03-01 13:07:07] PEER_DEAD: Process 15 on node 10.0.0.5 managing GPU 1
            """;

        Assert.Equal(
            ["nccl:ras_behind {gpu=\"5\", job_name=\"llm\", node=\"10.0.0.1\", rank=\"5\"} {communicator=\"27a079b828ff1a75\", state=\"launched up to operation 6649\"}",
                "nccl:ras_missing_process {gpu=\"5\", job_name=\"llm\", node=\"10.0.0.3\"} {}",
                "nccl:ras_missing_rank {job_name=\"llm\", rank=\"21\"} {communicator=\"cf264af53edbe986\"}",
                "nccl:ras_missing_rank {job_name=\"llm\", rank=\"22\"} {communicator=\"cf264af53edbe986\"}",
                "nccl:ras_peer_dead {gpu=\"6\", job_name=\"llm\", node=\"10.0.0.4\"} {}",
                "nccl:ras_peer_dead {job_name=\"llm\"} {gpu=\"1\", peer=\"10.0.0.5\", pid=\"15\"}"],
            Read("llm.txt", text).Items.Select(item => $"{item.Event!.Code} {item.Event.Labels} {item.Event.Fields}"));
    }

    [Fact]
    public void Read_InspectorLines_GiveSamplesUnderTheNamesOfItsExposition()
    {
        const string one = """{"header":{"id":"0x7f","rank":2,"n_ranks":8,"nnodes":1},"metadata":{"dump_timestamp_us":1748030377748202,"hostname":"node-7"},"coll_perf":{"coll":"AllReduce","coll_exec_time_us":61974,"coll_busbw_gbs":485.5}}""";

        var reading = Read("llm.json", one + "\n" + one.Replace("\"rank\":2", "\"rank\":3", StringComparison.Ordinal) + "\n{\"header\":");

        Assert.Equal(
            ["nccl_bus_bandwidth_gbs{collective=\"AllReduce\", comm_id=\"0x7f\", n_nodes=\"1\", node=\"node-7\", nranks=\"8\", rank=\"2\"} 485.5",
                "nccl_collective_exec_time_microseconds{collective=\"AllReduce\", comm_id=\"0x7f\", n_nodes=\"1\", node=\"node-7\", nranks=\"8\", rank=\"2\"} 61974"],
            World.Show(reading.Items[0].Samples!)[..2]);
        Assert.Equal(1_748_030_377_748, reading.Items[0].At.ToUnixTimeMilliseconds());
        Assert.Equal((2L, 4L, 1L), (reading.Files[0].Lines, reading.Files[0].Samples, reading.Files[0].Refused));
    }

    [Fact]
    public void Read_SharedSamples_AreAllUnderstood()
    {
        var reading = RecordedTelemetry.Read(World.SharedData("samples", "nccl"), new RecordedOptions { Start = World.Start });

        Assert.Equal(
            ["inspector-verbose.json nccl 2 0", "inspector.json nccl 2 0", "inspector.prom exposition 4 0", "ras-monitor-event.json nccl 0 1",
                "ras-status.json nccl 0 1", "ras-text-excerpts.txt nccl 0 17"],
            reading.Files.Where(file => file.Kind != "skipped").Select(file => $"{file.Path} {file.Kind} {file.Samples} {file.Events}"));
        Assert.All(reading.Files, file => Assert.Equal(0, file.Refused));
    }

    private static RecordedReading Read(string name, string text)
    {
        var folder = Directory.CreateTempSubdirectory("nccl-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, name), Encoding.UTF8.GetBytes(text));
            return RecordedTelemetry.Read(folder.FullName, new RecordedOptions { Start = World.Start });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class SlurmTests
{
    private readonly World _world = new();

    [Theory]
    [InlineData("node[0201-0203,0281]", "node0201 node0202 node0203 node0281")]
    [InlineData("a,b[1-2],c", "a b1 b2 c")]
    [InlineData("gpu-a[1-2]-b[0-1]", "gpu-a1-b0 gpu-a1-b1 gpu-a2-b0 gpu-a2-b1")]
    [InlineData("n[09-11]", "n09 n10 n11")]
    [InlineData("n[9-10]x", "n9x n10x")]
    [InlineData("n[a-b]", "refused")]
    [InlineData("", "")]
    [InlineData("n[1-", "refused")]
    [InlineData("n]1[", "refused")]
    [InlineData("n[3-1]", "refused")]
    [InlineData("n[[1]]", "refused")]
    [InlineData("n[1-100000]", "100000 names")]
    [InlineData("n[1-100001]", "refused")]
    [InlineData("n[0-999][0-999]", "refused")]
    [InlineData("n[2147483647-2147483647]", "n2147483647")]
    public void HostList_IsExpandedOrRefusedWhole(string text, string expected)
    {
        var names = HostList.Expand(text);
        Assert.Equal(expected, names is null ? "refused" : names.Count > 100 ? $"{names.Count} names" : string.Join(' ', names));
    }

    [Fact]
    public void HostNames_OfAFileThatNamesTheFleetAgainAndAgain_AreRefused()
    {
        var hosts = new HostNames();

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(100_000, hosts.Expand("n[1-100000]")!.Count));
        Assert.Null(hosts.Expand("n1"));
    }

    [Property(MaxTest = 1_000)]
    public Property HostList_OfAnything_NeverThrows() =>
        Prop.ForAll(Gen.Elements("node[0201-0203,0281],x[1-2]y[3-4]", "a,b[1-9],c").ArbMapDamage(), text => HostList.Expand(text) is null or { Count: <= HostList.Limit });

    [Theory]
    [InlineData("gpu:h100:8(IDX:0-7)", 8, "0,1,2,3,4,5,6,7")]
    [InlineData("gpu:8(S:0-1)", 8, "")]
    [InlineData("gpu:(null):8(IDX:0-7)", 8, "0,1,2,3,4,5,6,7")]
    [InlineData("gpu:h200:0(IDX:N/A)", 0, "")]
    [InlineData("gpu:A100:5(IDX:0,4-7)", 5, "0,4,5,6,7")]
    [InlineData("nic:2,gpu:a:1(IDX:3),gpu:b:1(IDX:5),shard:4", 2, "3,5")]
    [InlineData("gres/gpu:4", 4, "")]
    [InlineData("", 0, "")]
    public void Gres_OfEveryShape_GivesCountAndIndices(string text, int count, string indices) =>
        Assert.Equal($"{count} {indices}", $"{GpuGres.Count(text)} {string.Join(',', GpuGres.Indices(text))}");

    [Theory]
    [InlineData("""{"meta":{"Slurm":{}},"errors":[],"nodes":[{"name":"n1","state":"mixed","state_flags":["DRAIN"],"boot_time":1766000000,"gres":"gpu:h100:2"}],"jobs":[{"job_id":7,"name":"llm","job_state":"RUNNING","nodes":"n[1-2]","start_time":1766000100,"restart_cnt":1,"gres_detail":["gpu:h100:2(IDX:0-1)","gpu:h100:1(IDX:3)"]}]}""")]
    [InlineData("""{"meta":{"slurm":{}},"errors":[],"nodes":[{"name":"n1","state":["MIXED","DRAIN"],"boot_time":{"set":true,"infinite":false,"number":1766000000},"gres":"gpu:h100:2(S:0-1)"}],"jobs":[{"job_id":7,"name":"llm","job_state":["RUNNING"],"nodes":"n[1-2]","start_time":{"set":true,"infinite":false,"number":1766000100},"restart_cnt":1,"gres_detail":["gpu:h100:2(IDX:0-1)","gpu:h100:1(IDX:3)"]}]}""")]
    public void Read_BothGenerations_GiveTheSame(string json)
    {
        var reader = new SlurmReader();
        Assert.Equal("", JsonValues.Read(Encoding.UTF8.GetBytes(json), reader.Read));

        var node = Assert.Single(reader.Nodes);
        Assert.Equal("n1 mixed+drain 2 1766000000", $"{node.Name} {string.Join('+', node.States)} {node.Gpus} {node.Booted!.Value.ToUnixTimeSeconds()}");
        var shape = SlurmTopology.Of(reader.Nodes, reader.Jobs, World.Start);
        Assert.Equal(
            ["node:n1", "job:llm", "rank:llm/0", "rank:llm/1", "rank:llm/2"], shape.Entities.Select(entity => entity.Id.ToString()));
        Assert.Equal("{gpu=\"3\", job=\"llm\", node=\"n2\", rank=\"2\"}", shape.Entities[4].Attributes.ToString());
        Assert.Equal(
            ["job:llm RunsOn node:n1", "job:llm RunsOn node:n2", "rank:llm/2 RunsOn node:n2", "rank:llm/2 MemberOf job:llm"],
            shape.Edges.Where(edge => edge.From.Name is "llm" or "llm/2").Select(edge => $"{edge.From} {edge.Kind} {edge.To}"));
        Assert.All(shape.Edges, edge => Assert.Equal(1_766_000_100, edge.ValidFrom.ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task RunDue_TellsWhatChangedAndNothingWhereItFails()
    {
        var (state, errors) = ("IDLE", "[]");
        _world.Answer = request => request.RequestUri!.AbsolutePath switch
        {
            "/slurm/v0.0.40/nodes/" => World.Text($$"""{"errors":{{errors}},"nodes":[{"name":"n1","state":["{{state}}"],"reason":"xid 79","boot_time":{{(state == "IDLE" ? 100 : 9_000)}}}]}""", "application/json"),
            "/slurm/v0.0.40/jobs/" => World.Text($$"""{"errors":[],"jobs":[{"job_id":7,"name":"llm","job_state":["{{(state == "IDLE" ? "RUNNING" : "NODE_FAIL")}}"],"nodes":"n1","restart_cnt":{{(state == "IDLE" ? 0 : 1)}}}]}""", "application/json"),
            "/slurm/v0.0.40/diag/" => World.Text("""{"errors":[],"statistics":{"jobs_running":1,"req_time":{"set":true,"infinite":false,"number":5},"rpcs":[]}}""", "application/json"),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        };
        var follower = new SlurmFollower(new SlurmOptions { Url = new Uri("http://slurm") }, (_world, _world, _world), _world.Outside);

        await follower.RunDueAsync(World.Start, CancellationToken.None);
        errors = """[{"description":"Authentication failure","error_number":1007}]""";
        await follower.RunDueAsync(World.Start.AddSeconds(30), CancellationToken.None);
        Assert.Single(_world.Changes);
        Assert.Empty(_world.Events);
        Assert.Equal(
            ["slurm_node_state{node=\"n1\", state=\"idle\"} 1", "slurm_node_gpus{node=\"n1\"} 0", "slurm_sdiag_jobs_running{} 1", "slurm_sdiag_req_time{} 5"], World.Show(_world.Batches[0]));

        (state, errors) = ("DOWN", "[]");
        await follower.RunDueAsync(World.Start.AddSeconds(60), CancellationToken.None);
        Assert.Equal(["slurm:node_down", "change:reboot", "slurm:job_node_fail", "slurm:job_requeued"], _world.Events.Select(read => read.Code));
        Assert.Equal(["job:llm"], _world.Changes[1].Removed.Select(id => id.ToString()));
    }

    [Fact]
    public async Task Resume_EndsTheJobThatEndedMeanwhileAndLeavesWhatOthersTold()
    {
        var jobs = """{"job_id":7,"name":"llm","job_state":["RUNNING"],"nodes":"n1","gres_detail":["gpu:h100:1(IDX:0)"]}""";
        _world.Answer = request => World.Text(
            request.RequestUri!.AbsolutePath.EndsWith("/jobs/", StringComparison.Ordinal)
                ? $$"""{"errors":[],"jobs":[{{jobs}}]}"""
                : """{"errors":[],"nodes":[{"name":"n1","state":["IDLE"]}],"statistics":{"rpcs":[]}}""",
            "application/json");
        var options = new SlurmOptions { Url = new Uri("http://slurm") };
        await new SlurmFollower(options, (_world, _world, _world), _world.Outside).RunDueAsync(World.Start, CancellationToken.None);
        var rack = new Entity(new EntityId(EntityKind.Rack, "r1"), "r1", LabelSet.Empty);
        var known = Topology.Empty.Apply(_world.Changes[0]).Apply(new TopologyChange(World.Start, "file", [rack], [])).ToChange(World.Start, "");

        var restarted = new SlurmFollower(options, (_world, _world, _world), _world.Outside);
        var others = restarted.Resume(known);
        jobs = "";
        await restarted.RunDueAsync(World.Start.AddMinutes(5), CancellationToken.None);

        Assert.Equal(["rack:r1", "node:n1"], others.Entities.Select(entity => entity.Id.ToString()));
        Assert.Empty(others.Edges);
        Assert.Equal(["job:llm", "rank:llm/0"], _world.Changes[1].Removed.Select(id => id.ToString()));
        Assert.Same(known, new SlurmFollower(new SlurmOptions(), (_world, _world, _world), _world.Outside).Resume(known));
    }

    [Fact]
    public void Read_SharedSamples_AreAllUnderstood()
    {
        var reading = RecordedTelemetry.Read(World.SharedData("samples", "slurm"), new RecordedOptions { Start = World.Start });

        Assert.Equal(
            ["gcm-sample-sinfo-output.txt 3", "sdiag_2405.json 0", "sinfo_out.json 4", "slurmrestd-v0038-diag.json 0", "slurmrestd-v0038-jobs.json 2", "slurmrestd-v0038-nodes.json 3", "squeue_out.json 1"],
            reading.Files.Where(file => file.Kind == "slurm" && (file.Entities > 0 || file.Samples > 0)).Select(file => $"{file.Path} {file.Entities}"));
        Assert.All(reading.Files.Where(file => file.Kind == "slurm"), file => Assert.Equal(0, file.Refused));
    }
}

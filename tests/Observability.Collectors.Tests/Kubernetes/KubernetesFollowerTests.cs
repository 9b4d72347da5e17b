using System.Net;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class KubernetesFollowerTests
{
    private readonly World _world = new();
    private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);

    public KubernetesFollowerTests() => _world.Answer = request =>
        _answers.Remove(request.RequestUri!.PathAndQuery, out var body) ? World.Text(body, "application/json") : new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);

    [Fact]
    public async Task RunDue_ListsWatchesAndTellsWhatChanged()
    {
        var follower = Follower(new KubernetesTier(EntityKind.Rack, "rack"), new KubernetesTier(EntityKind.Switch, "leaf"), new KubernetesTier(EntityKind.Switch, "spine"));
        _answers["/api/v1/nodes?limit=2"] = List("NodeList", "5", "more", Node("n0", "535.1", "boot-a"), Node("n1", "535.1", "boot-b"));
        _answers["/api/v1/nodes?limit=2&continue=more"] = List("NodeList", "5", "", Node("n2", "535.1", "boot-c"));
        _answers["/api/v1/pods?limit=2"] = List("PodList", "7", "", Pod("llm-0", "n0", 0, "Running"), Pod("llm-1", "n1", 1, "Running"));

        await follower.RunDueAsync(World.Start, CancellationToken.None);

        var first = Assert.Single(_world.Changes);
        Assert.Equal(
            ["rack:r1", "node:n0", "node:n1", "node:n2", "switch:l1", "switch:s1", "job:llm", "rank:llm/0", "rank:llm/1", "rank:llm/2", "rank:llm/3", "pod:ml/llm-0", "pod:ml/llm-1"],
            first.Entities.Select(entity => entity.Id.ToString()));
        Assert.Equal(
            ["node:n1 PartOf rack:r1", "node:n1 Connects switch:l1", "rank:llm/3 RunsOn node:n1", "rank:llm/3 MemberOf job:llm", "pod:ml/llm-1 RunsOn node:n1", "pod:ml/llm-1 MemberOf job:llm", "switch:l1 Connects switch:s1"],
            first.Edges.Where(edge => edge.From.Name is "n1" or "llm/3" or "ml/llm-1" or "l1").OrderBy(edge => edge.From.Kind == EntityKind.Switch)
                .ThenBy(edge => edge.From).ThenBy(edge => edge.Kind).Select(edge => $"{edge.From} {edge.Kind} {edge.To}"));
        Assert.All(first.Edges.Where(edge => edge.Kind == EdgeKind.RunsOn), edge => Assert.Equal(new DateTimeOffset(2026, 3, 1, 11, 0, 0, TimeSpan.Zero), edge.ValidFrom));
        Assert.Equal(["job:llm"], Topology.Empty.Apply(first).JobsOn(new EntityId(EntityKind.Node, "n1")).Select(job => job.ToString()));
        Assert.Contains("kube_node_status_condition{condition=\"Ready\", node=\"n0\", status=\"true\"} 1", World.Show(_world.Batches[0]));
        Assert.Empty(_world.Events);

        // n0 restarts with another driver and becomes sick, n1's pod fails.
        _answers["/api/v1/nodes?watch=1&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=5"] =
            $$"""{"type":"MODIFIED","object":{{Node("n0", "550.2", "boot-z", "XidError")}}}""" + "\n" + """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}""";
        _answers["/api/v1/pods?watch=1&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=7"] =
            $$"""{"type":"MODIFIED","object":{{Pod("llm-1", "n1", 1, "Failed")}}}""" + "\n" + $$"""{"type":"DELETED","object":{{Pod("llm-0", "n0", 0, "Running")}}}""";
        await follower.RunDueAsync(World.Start.AddSeconds(10), CancellationToken.None);

        Assert.Equal(
            ["k8s:condition_xid_error n0", "change:driver n0", "change:reboot n0", "k8s:pod_failed n1"],
            _world.Events.Select(read => $"{read.Code} {read.Labels["node"]}"));
        Assert.Equal("nvidia.com/cuda.driver-version.full 535.1 -> 550.2", _world.Events[1].Fields["text"]);
        Assert.Equal("llm", _world.Events[3].Labels["job_name"]);
        Assert.Equal(7, _world.Changes[1].Removed.Length);

        // Nothing answers, nothing changes; then the version is too old and all is listed again.
        await follower.RunDueAsync(World.Start.AddSeconds(20), CancellationToken.None);
        Assert.Equal(2, _world.Changes.Count);
        _answers["/api/v1/nodes?watch=1&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=9"] = """{"type":"ERROR","object":{"kind":"Status","code":410}}""";
        _answers["/api/v1/nodes?limit=2"] = List("NodeList", "30", "", Node("n0", "550.2", "boot-z", "XidError"));
        _answers["/api/v1/pods?watch=1&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=7"] = "";
        await follower.RunDueAsync(World.Start.AddSeconds(30), CancellationToken.None);
        Assert.Equal(["node:n1", "node:n2"], _world.Changes[2].Removed.Select(id => id.ToString()));
        Assert.Equal(4, _world.Events.Count);
    }

    [Theory]
    [InlineData("""{"training.kubeflow.org/job-name":"a","training.kubeflow.org/replica-index":"2"}""", "", "a 2")]
    [InlineData("""{"training.kubeflow.org/job-name":"a","training.kubeflow.org/replica-index":"2"}""", """{"name":"RANK","value":"3"}""", "a 3")]
    [InlineData("""{"jobset.sigs.k8s.io/jobset-name":"b","batch.kubernetes.io/job-name":"b-workers-0","batch.kubernetes.io/job-completion-index":"4"}""", "", "b 4")]
    [InlineData("""{"volcano.sh/job-name":"c","volcano.sh/task-index":"1"}""", """{"name":"PET_NODE_RANK","value":"7"}""", "c 7")]
    [InlineData("""{"leaderworkerset.sigs.k8s.io/name":"d","leaderworkerset.sigs.k8s.io/worker-index":"0"}""", "", "d 0")]
    [InlineData("""{"kueue.x-k8s.io/pod-group-name":"e"}""", "", "e ")]
    [InlineData("""{"job-name":"f","batch.kubernetes.io/job-completion-index":"x"}""", "", "f ")]
    [InlineData("""{"app":"web"}""", "", "none")]
    public void Gang_OfEveryScheduler_IsFoundInLabels(string labels, string variable, string expected)
    {
        using var json = System.Text.Json.JsonDocument.Parse(
            $$$"""{"metadata":{"name":"p","labels":{{{labels}}}},"spec":{"containers":[{"env":[{{{variable}}}]}]}}""");

        Assert.Equal(expected, Gang.Of(KubernetesReader.PodOf(json.RootElement)!) is { } gang ? $"{gang.Job} {gang.Index}" : "none");
    }

    [Fact]
    public async Task Resume_EndsThePodsThatEndedMeanwhile()
    {
        _answers["/api/v1/nodes?limit=2"] = List("NodeList", "5", "", Node("n0", "535.1", "boot-a"));
        _answers["/api/v1/pods?limit=2"] = List("PodList", "7", "", Pod("llm-0", "n0", 0, "Running"));
        await Follower().RunDueAsync(World.Start, CancellationToken.None);

        var restarted = Follower();
        var others = restarted.Resume(Topology.Empty.Apply(_world.Changes[0]).ToChange(World.Start, ""));
        _answers["/api/v1/nodes?limit=2"] = List("NodeList", "5", "", Node("n0", "535.1", "boot-a"));
        _answers["/api/v1/pods?limit=2"] = List("PodList", "9", "");
        await restarted.RunDueAsync(World.Start.AddMinutes(5), CancellationToken.None);

        Assert.Equal(["node:n0"], others.Entities.Select(entity => entity.Id.ToString()));
        Assert.Equal(["job:llm", "pod:ml/llm-0", "rank:llm/0", "rank:llm/1"], _world.Changes[1].Removed.Select(id => id.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Capture_OfConstructedNode_GivesItsConditions()
    {
        var file = Path.Combine(World.SharedData("samples", "constructed"), "k8s-node.json");
        var items = new List<RecordedItem>();
        var digest = new CaptureDigest(items);
        var capture = new CaptureFile("k8s-node.json", File.ReadAllBytes(file), World.Start, LabelSet.Empty);

        Assert.True(new KubernetesCapture().Recognises(capture));
        new KubernetesCapture().Read(capture, digest);

        Assert.Equal("node:gpu-node-17", Assert.Single(items[0].Topology!.Entities).Id.ToString());
        Assert.Contains("kube_node_spec_unschedulable{node=\"gpu-node-17\"} 1", World.Show(items[1].Samples!));
        Assert.Contains("kube_node_status_condition{condition=\"SysLogsXIDError\", node=\"gpu-node-17\", status=\"true\"} 1", World.Show(items[1].Samples!));
    }

    private KubernetesFollower Follower(params KubernetesTier[] tiers) => new(
        new KubernetesConnection(new KubernetesAccess(new Uri("http://cluster")), _world.Outside), new KubernetesOptions { PageSize = 2, Tiers = [.. tiers] },
        (_world, _world, _world), _world.Outside);

    private static string List(string kind, string version, string next, params string[] items) =>
        $$"""{"kind":"{{kind}}","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[{{string.Join(',', items)}}]}""";

    private static string Node(string name, string driver, string boot, string problem = "")
    {
        var more = problem.Length > 0 ? $$""",{"type":"{{problem}}","status":"True","reason":"Xid79","message":"gone"}""" : "";
        return $$$"""{"metadata":{"name":"{{{name}}}","resourceVersion":"6","labels":{"rack":"r1","leaf":"l1","spine":"s1","nvidia.com/cuda.driver-version.full":"{{{driver}}}"}},"status":{"nodeInfo":{"bootID":"{{{boot}}}"},"conditions":[{"type":"Ready","status":"True"}{{{more}}}]}}""";
    }

    private static string Pod(string name, string node, int index, string phase) =>
        $$$$"""{"metadata":{"name":"{{{{name}}}}","namespace":"ml","labels":{"volcano.sh/job-name":"llm","volcano.sh/task-index":"{{{{index}}}}"}},"spec":{"nodeName":"{{{{node}}}}","containers":[{"resources":{"limits":{"nvidia.com/gpu":"2"}}}]},"status":{"phase":"{{{{phase}}}}","startTime":"2026-03-01T11:00:00Z"}}""";
}

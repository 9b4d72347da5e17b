using System.Net;
using System.Text.Json;

namespace Observability.Collectors.Tests;

public sealed class KubernetesJobTests
{
    private static readonly string Pytorch = "/apis/kubeflow.org/v1/pytorchjobs";
    private static readonly string Workloads = "/apis/kueue.x-k8s.io/v1beta2/workloads";

    private readonly World _world = new();
    private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);

    public KubernetesJobTests() => _world.Answer = request =>
        _answers.Remove(request.RequestUri!.PathAndQuery, out var body)
            ? body == "404" ? new HttpResponseMessage(HttpStatusCode.NotFound) : World.Text(body, "application/json")
            : new HttpResponseMessage(HttpStatusCode.Forbidden);

    [Fact]
    public void Capture_OfEveryKind_IsReadAsWhatPeopleCallJobs() => Golden.Check("Kubernetes", "jobs");

    [Theory]
    [InlineData("Job", "batch/v1", """{"suspend":true}""", "{}", "Suspended")]
    [InlineData("Job", "batch/v1", "{}", """{"active":2}""", "Running")]
    [InlineData("Job", "batch/v1", "{}", """{"active":2,"ready":0}""", "Pending")]
    [InlineData("Job", "batch/v1", "{}", """{"conditions":[{"type":"Complete","status":"True"},{"type":"Failed","status":"False"}]}""", "Succeeded")]
    [InlineData("Job", "batch.volcano.sh/v1alpha1", "{}", """{"state":{"phase":"Aborted"}}""", "Suspended")]
    [InlineData("Job", "batch.volcano.sh/v1alpha1", "{}", """{"state":{"phase":"Terminated"}}""", "Failed")]
    [InlineData("PyTorchJob", "kubeflow.org/v1", "{}", """{"conditions":[{"type":"Running","status":"False"},{"type":"Restarting","status":"True"}]}""", "Pending")]
    [InlineData("PyTorchJob", "kubeflow.org/v1", "{}", """{"conditions":[{"type":"Succeeded","status":"True"}]}""", "Succeeded")]
    [InlineData("MPIJob", "kubeflow.org/v2beta1", "{}", """{"replicaStatuses":{"Worker":{"active":1}}}""", "Running")]
    [InlineData("TrainJob", "trainer.kubeflow.org/v1alpha1", "{}", """{"jobsStatus":[{"name":"node","active":1}]}""", "Running")]
    [InlineData("JobSet", "jobset.x-k8s.io/v1alpha2", "{}", """{"conditions":[{"type":"Completed","status":"True"}]}""", "Succeeded")]
    [InlineData("Workload", "kueue.x-k8s.io/v1beta1", "{}", """{"conditions":[{"type":"Admitted","status":"True"},{"type":"Evicted","status":"True"}]}""", "Queued")]
    [InlineData("Workload", "kueue.x-k8s.io/v1beta1", "{}", """{"conditions":[{"type":"Finished","status":"True","reason":"Failed"}]}""", "Failed")]
    [InlineData("CronJob", "batch/v1", "{}", "{}", "none")]
    [InlineData("Job", "batchy/v1", "{}", "{}", "none")]
    [InlineData("JobSet", "jobset.x-k8s.io/v1alpha2", "[]", """{"conditions":{"type":7}}""", "Pending")]
    [InlineData("PyTorchJob", "kubeflow.org/v1", """{"pytorchReplicaSpecs":[1],"xReplicaSpecs":{"a":null}}""", "3", "Pending")]
    public void State_OfEveryController_IsUnderstood(string kind, string version, string spec, string status, string expected)
    {
        using var json = JsonDocument.Parse($$"""{"metadata":{"name":"j"},"spec":{{spec}},"status":{{status}}}""");

        Assert.Equal(expected, KubernetesJobKind.Of(version, kind)?.JobOf(json.RootElement)?.State.ToString() ?? "none");
    }

    [Fact]
    public async Task Follower_FindsTheKindsThereAre_AndTellsWhatBecomesOfJobs()
    {
        using var connection = new KubernetesConnection(new KubernetesAccess(new Uri("http://cluster")), _world.Outside);
        var follower = new KubernetesFollower(connection, new KubernetesOptions { PageSize = 9 }, (_world, _world, _world), _world.Outside);
        _answers["/apis"] = """{"groups":[{"versions":[{"groupVersion":"kubeflow.org/v1"}]},{"versions":[{"groupVersion":"kueue.x-k8s.io/v1beta2"}]},{"versions":[{"groupVersion":"batch/v1"}]}]}""";
        Lists("""{"metadata":{"resourceVersion":"1"},"items":[]}""", "/api/v1/nodes");
        Lists("""{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"llm-0","namespace":"ml","labels":{"training.kubeflow.org/job-name":"llm","training.kubeflow.org/replica-index":"0"}},"spec":{"nodeName":"n0"},"status":{"phase":"Running"}}]}""", "/api/v1/pods");
        Lists($$"""{"metadata":{"resourceVersion":"1"},"items":[{{Job("Running")}}]}""", Pytorch);
        Lists($$"""{"metadata":{"resourceVersion":"1"},"items":[{{Workload("Admitted")}}]}""", Workloads);
        // MPIJob is not installed, and batch Jobs may not be read: neither costs the others anything.
        _answers["/apis/kubeflow.org/v1/mpijobs?limit=9"] = "404";

        await follower.RunDueAsync(World.Start, CancellationToken.None);

        Assert.Equal(
            ["{gpus=\"16\", job=\"llm\", kind=\"PyTorchJob\", learned_from=\"kubernetes\", namespace=\"ml\", pods=\"2\", queue=\"team-a\", state=\"running\"}"],
            _world.Changes[0].Entities.Where(entity => entity.Id.ToString() == "job:llm").Select(entity => entity.Attributes.ToString()));
        Assert.Contains("k8s_job_state{job_name=\"llm\", kind=\"PyTorchJob\", namespace=\"ml\", queue=\"team-a\", state=\"running\"} 1", World.Show(_world.Batches[0]));
        Assert.Contains("k8s_job_pods_running{job_name=\"llm\", kind=\"PyTorchJob\", namespace=\"ml\", queue=\"team-a\"} 1", World.Show(_world.Batches[0]));
        Assert.Empty(_world.Events);

        Watches("", "/api/v1/nodes", "/api/v1/pods");
        Watches($$"""{"type":"MODIFIED","object":{{Job("Suspended")}}}""", Pytorch);
        Watches($$"""{"type":"MODIFIED","object":{{Workload("Evicted")}}}""", Workloads);
        await follower.RunDueAsync(World.Start.AddSeconds(10), CancellationToken.None);

        Assert.Equal(["k8s:job_evicted PyTorchJob ml/llm lost its place in team-a: Preempted: for a job of higher priority"], _world.Events.Select(read => $"{read.Code} {read.Raw}"));
        Assert.Contains("k8s_job_state{job_name=\"llm\", kind=\"PyTorchJob\", namespace=\"ml\", queue=\"team-a\", state=\"queued\"} 1", World.Show(_world.Batches[1]));

        Watches("", "/api/v1/nodes", "/api/v1/pods", Workloads);
        Watches($$"""{"type":"MODIFIED","object":{{Job("Failed")}}}""", Pytorch);
        await follower.RunDueAsync(World.Start.AddSeconds(20), CancellationToken.None);

        Assert.Equal("k8s:job_failed llm BackoffLimitExceeded", $"{_world.Events[1].Code} {_world.Events[1].Labels["job_name"]} {_world.Events[1].Raw.Split(": ")[1]}");
        Assert.Contains("k8s_job_state{job_name=\"llm\", kind=\"PyTorchJob\", namespace=\"ml\", queue=\"team-a\", state=\"failed\"} 1", World.Show(_world.Batches[2]));

        // What is over was told once, and the unreadable kind is asked again each time.
        Watches("", "/api/v1/nodes", "/api/v1/pods", Workloads, Pytorch);
        await follower.RunDueAsync(World.Start.AddSeconds(30), CancellationToken.None);
        Assert.Equal(2, _world.Events.Count);
        Assert.Equal(3, _world.Batches.Count);
        Assert.Equal(4, _world.Requests.Count(request => request == "/apis/batch/v1/jobs?limit=9"));
        Assert.Equal(1, _world.Requests.Count(request => request == "/apis"));
    }

    private void Lists(string body, params string[] paths)
    {
        foreach (var path in paths)
            _answers[$"{path}?limit=9"] = body;
    }

    private void Watches(string body, params string[] paths)
    {
        foreach (var path in paths)
            _answers[$"{path}?watch=1&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=1"] = body;
    }

    private static string Job(string condition) => """
        {"metadata":{"name":"llm","namespace":"ml","uid":"u1","labels":{"kueue.x-k8s.io/queue-name":"team-a"}},
         "spec":{"pytorchReplicaSpecs":{"Worker":{"replicas":2,"template":{"spec":{"containers":[{"resources":{"limits":{"nvidia.com/gpu":"8"}}}]}}}}},
         "status":{"conditions":[{"type":"CONDITION","status":"True","reason":"BackoffLimitExceeded"}]}}
        """.Replace("CONDITION", condition, StringComparison.Ordinal);

    private static string Workload(string condition) => """
        {"metadata":{"name":"w","namespace":"ml","uid":"u2","ownerReferences":[{"kind":"PyTorchJob","name":"llm","uid":"u1","controller":true}]},
         "spec":{"queueName":"team-a","podSets":[{"count":2}]},
         "status":{"conditions":[{"type":"CONDITION","status":"True","reason":"Preempted","message":"for a job of higher priority"}]}}
        """.Replace("CONDITION", condition, StringComparison.Ordinal);
}

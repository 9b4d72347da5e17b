using System.Net;
using System.Net.Sockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class DiscoveryTests : IDisposable
{
    private static readonly LabelSet Job = LabelSet.Of(("job", "dcgm"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("targets-");
    private readonly World _world = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Files_InJsonAndYaml_GiveTheSameTargets()
    {
        Write("a.json", """[{"targets":["10.0.0.7:9400","10.0.0.8:9400"],"labels":{"node":"n7","__metrics_path__":"/m","__param_x":"1 2"}}]""");
        Write("b.yml", "# comment\n- targets: ['10.0.0.9:9400', \"10.0.0.10:9400\"]\n  labels:\n    node: n9\n    job: other\n- targets:\n  - 10.0.0.11:9400\n");

        var json = await new FileTargets(Path.Combine(_folder.FullName, "*.json"), [], Job).ReadAsync(CancellationToken.None);
        var yaml = await new FileTargets(Path.Combine(_folder.FullName, "b.yml"), [], Job).ReadAsync(CancellationToken.None);

        Assert.Equal(
            ["http://10.0.0.7:9400/m?x=1%202 {instance=\"10.0.0.7:9400\", job=\"dcgm\", node=\"n7\"}", "http://10.0.0.8:9400/m?x=1%202 {instance=\"10.0.0.8:9400\", job=\"dcgm\", node=\"n7\"}"], Show(json));
        Assert.Equal(
            ["http://10.0.0.9:9400/metrics {instance=\"10.0.0.9:9400\", job=\"other\", node=\"n9\"}", "http://10.0.0.10:9400/metrics {instance=\"10.0.0.10:9400\", job=\"other\", node=\"n9\"}",
                "http://10.0.0.11:9400/metrics {instance=\"10.0.0.11:9400\", job=\"dcgm\"}"], Show(yaml));
    }

    [Theory]
    [InlineData("x.json", "[{", "it is not JSON")]
    [InlineData("x.json", "{}", "it must be a list of {targets, labels}")]
    [InlineData("x.yaml", "- targets: &a [x]\n", "line 1: targets must be a list")]
    [InlineData("x.yaml", "- hosts:\n", "line 1: 'hosts:' is neither targets nor labels")]
    public async Task Files_ThatAreBroken_KeepTheEarlierTargets(string name, string text, string expected)
    {
        Write(name, text);

        var read = await new FileTargets(Path.Combine(_folder.FullName, name), [], Job).ReadAsync(CancellationToken.None);

        Assert.Null(read.Targets);
        Assert.Contains(expected, read.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kubernetes_PodsEndpointsAndNodes_CarryPrometheusLabels()
    {
        _world.Answer = request => World.Text(request.RequestUri!.AbsolutePath switch
        {
            "/api/v1/pods" => """{"items":[{"metadata":{"name":"e-1","namespace":"gpu","labels":{"app.kubernetes.io/name":"dcgm"}},"spec":{"nodeName":"n1","containers":[{"name":"c","ports":[{"name":"metrics","containerPort":9400},{"name":"web","containerPort":80}]}]},"status":{"podIP":"10.1.0.1"}},{"metadata":{"name":"pending"}}]}""",
            "/api/v1/endpoints" => """{"items":[{"metadata":{"name":"dcgm","namespace":"gpu"},"subsets":[{"addresses":[{"ip":"fd00::1","nodeName":"n1"}],"notReadyAddresses":[{"ip":"10.1.0.2"}],"ports":[{"name":"metrics","port":9400}]}]}]}""",
            _ => """{"items":[{"metadata":{"name":"n1"},"status":{"addresses":[{"type":"Hostname","address":"n1"},{"type":"InternalIP","address":"10.0.0.1"}]}}]}""",
        }, "application/json");
        RelabelRule[] rules =
        [
            Rule(new() { Action = "drop", SourceLabels = ["__meta_kubernetes_pod_container_port_name"], Regex = "web" }),
            Rule(new() { Action = "labelmap", Regex = "__meta_kubernetes_pod_label_(.+)" }),
            Rule(new() { SourceLabels = ["__meta_kubernetes_pod_node_name"], Regex = "(.+)", TargetLabel = "node" }),
            Rule(new() { SourceLabels = ["__meta_kubernetes_endpoint_ready"], Regex = "(.+)", TargetLabel = "ready" }),
        ];

        Assert.Equal(["http://10.1.0.1:9400/metrics {app_kubernetes_io_name=\"dcgm\", instance=\"10.1.0.1:9400\", job=\"dcgm\", node=\"n1\"}"], Show(await ReadAsync("pod")));
        Assert.Equal(
            ["http://[fd00::1]:9400/metrics {instance=\"[fd00::1]:9400\", job=\"dcgm\", ready=\"true\"}", "http://10.1.0.2:9400/metrics {instance=\"10.1.0.2:9400\", job=\"dcgm\", ready=\"false\"}"],
            Show(await ReadAsync("endpoints")));
        Assert.Equal(["http://10.0.0.1:10250/metrics {instance=\"n1\", job=\"dcgm\"}"], Show(await ReadAsync("node")));
        _world.Answer = _ => new HttpResponseMessage(HttpStatusCode.Forbidden);
        Assert.Null((await ReadAsync("pod")).Targets);

        Task<TargetSet> ReadAsync(string role) =>
            new KubernetesTargets(role, new KubernetesConnection(new KubernetesAccess(new Uri("http://cluster")), _world.Outside), rules, Job, _world.Clock).ReadAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Dns_SrvAndAddresses_AreAskedOfAServer()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var at = (IPEndPoint)server.Client.LocalEndPoint!;
        using var stop = new CancellationTokenSource();
        var answering = AnswerAsync(server, stop.Token);

        var srv = await new DnsTargets(new DnsQuestion(["_metrics._tcp.gpu.test"], "SRV", 0, at), [], Job).ReadAsync(CancellationToken.None);
        var a = await new DnsTargets(new DnsQuestion(["gpu.test"], "A", 9_400, at), [], Job).ReadAsync(CancellationToken.None);
        var none = await new DnsTargets(new DnsQuestion(["none.test"], "A", 9_400, at), [], Job).ReadAsync(CancellationToken.None);
        await stop.CancelAsync();
        await answering;

        Assert.Equal(["http://n1.gpu.test:9401/metrics {instance=\"n1.gpu.test:9401\", job=\"dcgm\"}"], Show(srv));
        Assert.Equal(["http://10.0.0.7:9400/metrics {instance=\"10.0.0.7:9400\", job=\"dcgm\"}"], Show(a));
        Assert.Equal((null, "none.test: the server answered with code 3 (no such name)"), (none.Targets, none.Error));
    }

    [Property(MaxTest = 2_000)]
    public Property Dns_AnyAnswer_NeverThrows() => Prop.ForAll(
        Arb.From(from bytes in Gen.ListOf(Gen.Choose(0, 255)) select bytes.Select(b => (byte)b).ToArray()),
        tail =>
        {
            byte[] message = [0, 7, 0x81, 0x80, 0, 1, 0, 3, 0, 0, 0, 0, .. tail];
            return DnsMessage.Read(message, 7, DnsMessage.Srv, out _) is { Count: <= 3 } && DnsMessage.Read(tail, 7, DnsMessage.A, out _) is null or { Count: < 70_000 };
        });

    [Fact]
    public async Task Federation_KeepsTheLabelsThatAreExposed()
    {
        _world.Answer = _ => World.Text("up{job=\"dcgm\",instance=\"n1:9400\"} 1\n");
        var target = ScrapeTarget.Of(new Uri("http://prometheus:9090/federate?match[]=up"), LabelSet.Of(("job", "federate"), ("region", "r1"))) with { HonorLabels = true };
        using var loop = new ScrapeLoop([new FixedTargets([target])], _world, new ScrapeOptions(), _world.Outside);
        for (var i = 0; i < 4; i++)
        {
            await loop.RunDueAsync(_world.Clock.GetUtcNow(), CancellationToken.None);
            _world.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Contains("up{instance=\"n1:9400\", job=\"dcgm\", region=\"r1\"} 1", _world.Batches.SelectMany(World.Show));
        Assert.Contains(_world.Requests, request => request.StartsWith("/federate?match", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HttpDiscovery_WithRules_KeepsWhatTheyKeep()
    {
        _world.Answer = _ => World.Text("""[{"targets":["h:1","h:2"],"labels":{"__meta_pool":"gpu"}},{"targets":["h:3"],"labels":{"__meta_pool":"cpu"}}]""", "application/json");
        List<RelabelRule> rules =
        [
            Rule(new RelabelSpec { SourceLabels = ["__meta_pool"], Regex = "gpu", Action = "keep" }),
            Rule(new RelabelSpec { SourceLabels = ["__meta_url"], TargetLabel = "found_by" }),
        ];

        var set = await new HttpTargets(new Uri("http://sd:1/targets"), _world.Outside.Http, rules, LabelSet.Of(("job", "dcgm"))).ReadAsync(CancellationToken.None);

        Assert.Equal(
            ["{found_by=\"http://sd:1/targets\", instance=\"h:1\", job=\"dcgm\"}", "{found_by=\"http://sd:1/targets\", instance=\"h:2\", job=\"dcgm\"}"],
            set.Targets!.Select(target => target.Labels.ToString()));
    }

    [Fact]
    public async Task MetricRelabel_DropsAndRenamesSeries_AndCountsWhatIsLeft()
    {
        _world.Answer = _ => World.Text("keep{pod=\"p-7\"} 1\ngo_threads 9\ngo_gc 3\n");
        var options = new ScrapeOptions
        {
            MetricRelabel =
            [
                Rule(new RelabelSpec { SourceLabels = ["__name__"], Regex = "go_.*", Action = "drop" }),
                Rule(new RelabelSpec { SourceLabels = ["pod"], Regex = "p-(.*)", TargetLabel = "replica" }),
                Rule(new RelabelSpec { Regex = "pod", Action = "labeldrop" }),
            ],
        };
        using var loop = new ScrapeLoop([new FixedTargets([ScrapeTarget.Of(new Uri("http://h:1/metrics"), LabelSet.Of(("job", "j")))])], _world, options, _world.Outside);
        for (var i = 0; i < 4; i++)
        {
            await loop.RunDueAsync(_world.Clock.GetUtcNow(), CancellationToken.None);
            _world.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        var shown = World.Show(_world.Batches[^1]);
        Assert.Equal("keep{instance=\"h:1\", job=\"j\", replica=\"7\"} 1", shown[0]);
        Assert.DoesNotContain(shown, line => line.StartsWith("go_", StringComparison.Ordinal));
        Assert.Contains("scrape_samples_scraped{instance=\"h:1\", job=\"j\"} 3", shown);
        Assert.Contains("scrape_samples_post_metric_relabeling{instance=\"h:1\", job=\"j\"} 1", shown);
    }

    private static RelabelRule Rule(RelabelSpec spec) => RelabelRule.Create(spec, out var error) ?? throw new ArgumentException(error);

    private static async Task AnswerAsync(UdpClient server, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var asked = await server.ReceiveAsync(stop);
                var question = asked.Buffer;
                var name = Encoding.ASCII.GetString(question);
                // A record points back to the name of the question, at byte 12.
                byte[] record = name.Contains("_tcp", StringComparison.Ordinal)
                    ? [0xC0, 12, 0, 33, 0, 1, 0, 0, 0, 5, 0, 19, 0, 0, 0, 0, 0x24, 0xB9, 2, (byte)'n', (byte)'1', 3, (byte)'g', (byte)'p', (byte)'u', 4, (byte)'t', (byte)'e', (byte)'s', (byte)'t', 0]
                    : [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 0, 0, 7];
                byte[] answer = name.Contains("none", StringComparison.Ordinal) ? [.. question] : [.. question, .. record];
                answer[2] |= 0x80;
                answer[3] = name.Contains("none", StringComparison.Ordinal) ? (byte)3 : (byte)0;
                answer[7] = name.Contains("none", StringComparison.Ordinal) ? (byte)0 : (byte)1;
                await server.SendAsync(answer, asked.RemoteEndPoint, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has its answers.
        }
    }

    private static string[] Show(TargetSet read) => [.. read.Targets!.Select(target => $"{target.Url.AbsoluteUri} {target.Labels}")];

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}

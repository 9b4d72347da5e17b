using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Observability.Testing;

namespace Observability.Simulator.Tests;

/// <summary>The API server on a loopback port of its own, with a small fleet and a clock the test moves.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public const string Merge = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string JsonPatchType = "application/json-patch+json";

    private readonly WebApplication _app;

    private TestCluster(WebApplication app, FakeWorkloads fleet, FakeTimeProvider time, KubernetesCluster cluster)
    {
        (_app, Fleet, Time, Cluster) = (app, fleet, time, cluster);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Http.DefaultRequestHeaders.UserAgent.ParseAdd("tests/1.0");
    }

    public FakeWorkloads Fleet { get; }

    public FakeTimeProvider Time { get; }

    public KubernetesCluster Cluster { get; }

    public HttpClient Http { get; }

    public string Url => Http.BaseAddress!.ToString();

    public static async Task<TestCluster> StartAsync(KubernetesOptions? options = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var (fleet, time) = (FakeWorkloads.TwoNodes(), new FakeTimeProvider(Fleets.Start));
        var cluster = app.MapKubernetes(fleet, time, options);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestCluster(app, fleet, time, cluster);
    }

    public Task<(int Code, JsonObject Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<(int Code, JsonObject Body)> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, (JsonObject)JsonNode.Parse(text)!);
    }

    public Task<(int Code, JsonObject Body)> PatchAsync(string path, string body, string type = Merge) => SendAsync(HttpMethod.Patch, path, body, type);

    public Task<(int Code, JsonObject Body)> CreateBudgetAsync(string spec) => SendAsync(
        HttpMethod.Post,
        "/apis/policy/v1/namespaces/team-a/poddisruptionbudgets",
        $$$"""{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"trainer-pdb"},"spec":{"selector":{"matchLabels":{"app":"trainer"}},{{{spec}}}}}""");

    public Task<(int Code, JsonObject Body)> EvictAsync(string pod, string options = "{}") => SendAsync(
        HttpMethod.Post,
        $"/api/v1/namespaces/team-a/pods/{pod}/eviction",
        $$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{pod}}","namespace":"team-a"},"deleteOptions":{{options}}}""");

    /// <summary>Names of the items of a list.</summary>
    public async Task<string> NamesAsync(string path) =>
        string.Join(' ', (await GetAsync(path)).Body.Objects("items").Select(item => item.Name()));

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}

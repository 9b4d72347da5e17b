using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Console;
using Observability.Content;
using Observability.Model;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>The platform behind its real front doors on loopback, with the repository's content, on a clock that the test steps.</summary>
internal sealed class World : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<ContentSet> Shipped = new(() => ContentCheck.Read(Folder("rules"), Folder("runbooks")).Content);
    private readonly WebApplication _front;

    private World(Platform platform, WebApplication front, SteppedTimeProvider clock)
    {
        (Platform, _front, Clock) = (platform, front, clock);
        Http = new HttpClient { BaseAddress = new Uri(_front.Urls.First()) };
    }

    public Platform Platform { get; }

    public SteppedTimeProvider Clock { get; }

    public HttpClient Http { get; }

    public ICommandDoor ConsoleDoor => _front.Services.GetRequiredService<ICommandDoor>();

    public IReadOnlyList<Endpoint> Routes => _front.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public DateTimeOffset Now => Clock.GetUtcNow();

    public PlatformSnapshot Snapshot => Platform.Snapshots.Current;

    public static string Folder(string name) => Path.Combine(SharedData.RepositoryRoot(), name);

    /// <summary>Starts with the repository's rules and runbooks; the journal is replayed unless the test wants to see what is before.</summary>
    public static async Task<World> StartAsync(Action<ObservabilityOptions>? change = null, ContentSet? content = null, bool replayed = true, DateTimeOffset? at = null)
    {
        var options = new ObservabilityOptions();
        options.Server.Listen = "127.0.0.1:0";
        options.Server.State = "";
        change?.Invoke(options);
        var clock = new SteppedTimeProvider(at ?? Start);
        var platform = await Platform.OpenAsync(options, content ?? Shipped.Value, clock, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        var front = WebFront.Build(platform, options);
        await front.StartAsync(TestContext.Current.CancellationToken);
        if (replayed)
            await platform.StartAsync(TestContext.Current.CancellationToken);
        return new World(platform, front, clock);
    }

    /// <summary>Lets seconds pass, one by one.</summary>
    public async Task StepAsync(int seconds = 1)
    {
        for (var i = 0; i < seconds; i++)
        {
            Clock.MoveTo(Now.AddSeconds(1));
            await Platform.StepAsync(Now, TestContext.Current.CancellationToken);
        }
    }

    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<Answer> PostAsync(string path, string body, string type = "application/json", params (string Name, string Value)[] headers) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), type, headers);

    public Task<Answer> PostAsync(string path, byte[] body, string type, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                content.Headers.TryAddWithoutValidation(name, value);
        }

        return SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
            return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync());
        }
    }

    /// <summary>The value of a counter at <c>/metrics</c>, summed over the series that have all the labels; 0 where there is none.</summary>
    public async Task<double> CounterAsync(string name, params (string Name, string Value)[] labels)
    {
        var text = (await GetAsync("/metrics")).Body;
        return text.Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
            .Where(line => labels.All(label => line.Contains($"{label.Name}=\"{label.Value}\"", StringComparison.Ordinal)))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>How far a counter moves while something happens.</summary>
    public async Task<double> MovedAsync(Func<Task> what, string name, params (string Name, string Value)[] labels)
    {
        var before = await CounterAsync(name, labels);
        await what();
        return await CounterAsync(name, labels) - before;
    }

    /// <summary>The values of an instant query, as <c>labels value</c>.</summary>
    public async Task<string[]> QueryAsync(string expression)
    {
        var result = await Platform.Queries.QueryAsync(expression, Now, TestContext.Current.CancellationToken);
        Assert.Null(result.Error);
        return [.. result.Vector.Select(sample => string.Create(CultureInfo.InvariantCulture, $"{sample.Labels} {sample.Sample.Value}"))];
    }

    /// <summary>Posts an alert that opens an incident, and waits until there is one.</summary>
    public async Task<IncidentView> OpenIncidentAsync(string name = "DiskFull", string node = "node-001")
    {
        var posted = await PostAsync("/api/v2/alerts", $$$"""[{"labels":{"alertname":"{{{name}}}","severity":"critical","node":"{{{node}}}"},"annotations":{"summary":"{{{name}}} on {{{node}}}"}}]""");
        Assert.Equal((200, ""), (posted.Status, posted.Body));
        for (var i = 0; i < 120 && Snapshot.Incidents.IsEmpty; i++)
            await StepAsync();
        return Snapshot.Incidents.Values.Last();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _front.StopAsync();
        await _front.DisposeAsync();
        await Platform.DisposeAsync();
    }
}

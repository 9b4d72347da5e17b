using System.Text.Json;
using Observability.Collectors;
using Observability.Model;

namespace Observability.Server;

/// <summary>Keeps targets, logs and topology up to date from files and URLs. What cannot be read leaves the old state in force.</summary>
internal sealed class Discovery(
    CollectOptions options, HttpClient http, (ScrapeLoop Scrapes, LogFollower Logs, PipelineInlet Inlet) sinks, TopologyView topology, ILogger<Discovery> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < _due)
            return;
        _due = now + Interval;
        await TargetsAsync(now, cancellationToken);
        await LogsAsync(cancellationToken);
        await TopologyAsync(now, cancellationToken);
    }

    private async Task TargetsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var targets = options.Targets.Select(Fixed).ToList();
        foreach (var url in options.TargetUrls)
        {
            if (await FetchAsync(url, cancellationToken) is not { } text)
                return;
            try
            {
                targets.AddRange(HttpServiceDiscovery.Read(text));
            }
            catch (Exception fault) when (fault is JsonException or UriFormatException or KeyNotFoundException or InvalidOperationException)
            {
                ServerLog.DiscoveryFailed(logger, url, fault.Message);
                return;
            }
        }

        sinks.Scrapes.SetTargets(targets, now);
    }

    private static ScrapeTarget Fixed(TargetOptions target)
    {
        var url = new Uri(target.Url);
        return new ScrapeTarget(url, LabelSet.Of(("job", target.Job), ("instance", url.Authority), ("node", target.Node)));
    }

    private async Task LogsAsync(CancellationToken cancellationToken)
    {
        var sources = options.KernelLogs.Select(log => new LogSource("kmsg", log.Node, log.Path))
            .Concat(options.TrainingLogs.Select(log => new LogSource("training", log.Job, log.Path))).ToList();
        if (options.LogsUrl.Length > 0 && await FetchAsync(options.LogsUrl, cancellationToken) is { } text)
        {
            using var document = JsonDocument.Parse(text);
            foreach (var log in document.RootElement.EnumerateArray())
            {
                var kind = log.GetProperty("kind").GetString()!;
                sources.Add(new LogSource(kind, log.GetProperty(kind == "kmsg" ? "node" : "job").GetString()!, log.GetProperty("url").GetString()!));
            }
        }

        sinks.Logs.SetSources(sources);
    }

    private async Task TopologyAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (options.Topology.Length == 0 || await FetchAsync(options.Topology, cancellationToken) is not { } text)
            return;
        var (change, findings) = TopologyDocument.Read(text, options.Topology, now);
        foreach (var finding in findings)
            ServerLog.DiscoveryFailed(logger, options.Topology, finding.ToString());
        if (TopologyDocument.Difference(topology.Current, change) is { } difference)
            await sinks.Inlet.PostAsync(new PipelineInput.Reshaped(difference), cancellationToken);
    }

    private async Task<string?> FetchAsync(string location, CancellationToken cancellationToken)
    {
        try
        {
            return location.StartsWith("http", StringComparison.Ordinal)
                ? await http.GetStringAsync(new Uri(location), cancellationToken)
                : await File.ReadAllTextAsync(location, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            ServerLog.DiscoveryFailed(logger, location, fault.Message);
            return null;
        }
    }
}

using System.Globalization;
using System.Net;
using System.Text;

namespace Observability.Simulator;

/// <summary>
/// Answers a collector's requests from a fleet without a network between them: the same paths and bodies as <see cref="FleetEndpoints"/>.
/// For runs of thousands of small fleets, where sockets would be most of the cost. Exporters leave out what no rule, detector, signal or
/// dashboard reads.
/// </summary>
public sealed class FleetTransport(Fleet fleet) : HttpMessageHandler
{
    /// <summary>The address that the fleet answers under.</summary>
    public const string Authority = "fleet.test";

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (fleet.Gate)
            return Task.FromResult(Answer(request.RequestUri!));
    }

    private HttpResponseMessage Answer(Uri uri) => uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["nodes", var node, var exporter, "metrics"] when Exporters.OfNodes(fleet).Contains(exporter) => Scrape(fleet.Node(node), exporter),
        ["switches", var name, "metrics"] => Scrape(fleet.Switch(name)),
        ["nodes", var node, "kmsg"] => KernelLog(fleet.Node(node), After(uri, -1)),
        ["jobs", var job, "log"] => JobLog(fleet.Job(job), After(uri, 0)),
        ["targets"] => Text(FleetEndpoints.Targets(fleet, Authority).ToJsonString(), "application/json"),
        ["logs"] => Text(FleetEndpoints.Logs(fleet, Authority).ToJsonString(), "application/json"),
        ["topology"] => Text(FleetEndpoints.TopologyJson(fleet), "application/json"),
        _ => new HttpResponseMessage(HttpStatusCode.NotFound),
    };

    private HttpResponseMessage Scrape(SimNode? node, string exporter)
    {
        if (node is null)
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        if (!node.Answers(exporter))
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        var text = new ExpositionWriter(onlyWhatMatters: true);
        Exporters.Read(node, exporter, fleet, text);
        return Of(new ReadOnlyMemoryContent(text.Text), "text/plain; version=0.0.4; charset=utf-8");
    }

    private HttpResponseMessage Scrape(SimSwitch? found)
    {
        if (found is null or { Down: true })
            return new HttpResponseMessage(found is null ? HttpStatusCode.NotFound : HttpStatusCode.ServiceUnavailable);
        var text = new ExpositionWriter(onlyWhatMatters: true);
        SwitchExporter.Read(found, fleet, text);
        return Of(new ReadOnlyMemoryContent(text.Text), "text/plain; version=0.0.4; charset=utf-8");
    }

    private HttpResponseMessage KernelLog(SimNode? node, long after)
    {
        if (node is null or { Down: true })
            return new HttpResponseMessage(node is null ? HttpStatusCode.NotFound : HttpStatusCode.ServiceUnavailable);
        var answer = Text(node.Log.After(after, node.LogHeldSince), "text/plain");
        answer.Headers.Add("X-Boot-Id", node.BootId);
        answer.Headers.Add("X-Boot-Time-Unix-Ms", node.BootedByItsClock(fleet.Now).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        return answer;
    }

    private static HttpResponseMessage JobLog(TrainingJob? job, long after)
    {
        if (job is null)
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        var (text, next) = job.Log.After(after);
        var answer = Text(text, "text/plain");
        answer.Headers.Add("X-Next-Offset", next.ToString(CultureInfo.InvariantCulture));
        return answer;
    }

    private static long After(Uri uri, long otherwise) =>
        uri.Query.Split("after=") is [_, var number] && long.TryParse(number.Split('&')[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var after) ? after : otherwise;

    private static HttpResponseMessage Text(string text, string type) => Of(new ReadOnlyMemoryContent(Encoding.UTF8.GetBytes(text)), type);

    private static HttpResponseMessage Of(HttpContent content, string type)
    {
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }
}

using Observability.Collectors;
using Observability.Metrics;

namespace Observability.Server;

/// <summary>
/// Learns who calls whom from the series of OpenTelemetry's servicegraph connector, of Tempo or of agents, however they came: scraped, pushed or
/// written, here or in a remote server.
/// <code>
/// traces_service_graph_request_total{client="front",server="cart"} 1873
/// traces_service_graph_request_total{client="cart",server="redis",connection_type="database"} 502
/// traces_service_graph_request_total{client="user",server="front",connection_type="virtual_node"} 1900
/// service_call_info{client="cart",server="redis@cache-1",system="redis",node="node-017"} 1
/// </code>
/// </summary>
internal sealed class CallSeries(IQueryEngine queries, CallGraph calls)
{
    private const string Expression =
        $"group by (client, server, connection_type) (traces_service_graph_request_total) or group by (client, server, system) ({CallSeriesWriter.Series})";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private DateTimeOffset? _next;

    /// <summary>Looks where that is due, and ends what has not been seen for long.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        calls.RunDue(now);
        if (now < _next)
            return;
        _next = now + Interval;
        var found = await queries.QueryAsync(Expression, now, cancellationToken);
        // A question that fails says nothing of who calls whom: what is known stays.
        if (found.Error is not null)
            return;
        calls.See(found.Vector.Select(series => (Labels: series.Labels, Type: series.Labels["connection_type"]))
            // Both sides of a virtual node are made up where one of them sends no spans; a caller that is nobody is no service.
            .Where(series => series.Labels["client"] is not ("user" or "unknown") && series.Labels["server"] != "unknown")
            .Select(series => new ServiceCall(series.Labels["client"], series.Labels["server"], series.Type is "database" or "messaging_system" ? series.Type : series.Labels["system"])), now);
    }
}

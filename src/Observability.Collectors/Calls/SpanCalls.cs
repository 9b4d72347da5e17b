namespace Observability.Collectors;

/// <summary>
/// Finds calls between services in spans: a span whose parent is another service's, and a span that says whom it asks. Parent and child come in any
/// order and in different requests, so that the latest spans are remembered. Spans of training jobs are no services. Not thread-safe.
/// <code>
/// resource service.name=front    span 01, kind CLIENT, peer.service=cart           front calls cart
/// resource service.name=cart     span 02, parent 01, kind SERVER                   front calls cart
/// resource service.name=cart     span 03, kind CLIENT, db.system.name=redis,
///                                server.address=cache-1                            cart calls redis@cache-1
/// </code>
/// Names of attributes: OpenTelemetry's semantic conventions, today's and those that older senders use.
/// </summary>
internal sealed class SpanCalls(ICallSink sink, int spanLimit = 100_000, int waitingLimit = 20_000)
{
    // One request may be answered by several services at once, but not by any number.
    private const int MostChildren = 16;

    private readonly SpanMemory<string> _services = new(spanLimit);
    private readonly SpanMemory<List<string>> _waiting = new(waitingLimit);

    /// <summary>Takes in the spans of one request.</summary>
    public void See(IEnumerable<OtlpSpan> spans, DateTimeOffset now)
    {
        var calls = new HashSet<ServiceCall>();
        long parents = 0, children = 0;
        foreach (var span in spans)
        {
            var service = ServiceOf(span);
            if (service.Length == 0)
                continue;
            if (Asked(span) is var (callee, system) && callee.Length > 0)
                calls.Add(new ServiceCall(service, callee, system));
            if (SpanKey.Of(span.TraceId, span.SpanId) is not { } key)
                continue;
            if (_services.Find(key) is null)
                parents += _services.Add(key, service);
            foreach (var child in _waiting.Take(key) ?? [])
                calls.Add(new ServiceCall(service, child));
            children += Follow(span, service, calls);
        }

        calls.RemoveWhere(call => call.Caller == call.Callee);
        sink.See(calls, now);
        if (parents > 0)
            CollectorsMetrics.Forgotten("parent", parents);
        if (children > 0)
            CollectorsMetrics.Forgotten("child", children);
    }

    // To the parent where it is known; where it is not and may be another service's, the span waits for it.
    private int Follow(OtlpSpan span, string service, HashSet<ServiceCall> calls)
    {
        if (SpanKey.Of(span.TraceId, span.ParentSpanId) is not { } parent)
            return 0;
        if (_services.Find(parent) is { } caller)
        {
            calls.Add(new ServiceCall(caller, service));
            return 0;
        }

        if (span.Kind is OtlpSpan.Internal or OtlpSpan.Client or OtlpSpan.Producer)
            return 0;
        if (_waiting.Find(parent) is not { } siblings)
            return _waiting.Add(parent, [service]);
        if (siblings.Count < MostChildren && !siblings.Contains(service))
            siblings.Add(service);
        return 0;
    }

    // A job that sends no name but service.name is told by its ranks and steps. SDKs say unknown_service where nobody configured a name.
    private static string ServiceOf(OtlpSpan span)
    {
        if (OtlpOwner.Job(span.Attributes, span.Resource).Length > 0 || OtlpOwner.Rank(span.Attributes, span.Resource).Length > 0 || OtlpTraceReceiver.IsStep(span.Name))
            return "";
        var name = OtlpOwner.First([span.Resource], "service.name");
        return name.StartsWith("unknown_service", StringComparison.Ordinal) ? "" : name;
    }

    // A store is named after its kind and address: by its kind alone, everybody's would be one.
    private static (string Callee, string System) Asked(OtlpSpan span)
    {
        if (span.Kind is not (OtlpSpan.Client or OtlpSpan.Producer))
            return ("", "");
        var peer = OtlpOwner.First([span.Attributes], "service.peer.name", "peer.service");
        if (peer.Length > 0)
            return (peer, "");
        var system = OtlpOwner.First([span.Attributes], "db.system.name", "db.system", "messaging.system");
        var address = OtlpOwner.First([span.Attributes], "server.address", "net.peer.name");
        return system.Length > 0 && address.Length > 0 ? ($"{system}@{address}", system) : ("", "");
    }
}

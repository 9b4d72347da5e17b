using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Observability.Collectors;

/// <summary>
/// Where kernel lines are pushed to, by syslog or HTTP. Any thread may offer; one reads, in <see cref="Drain"/>, with one reader per
/// node. The queue is bounded: when it is full an offer is refused, and the sender told where its protocol can tell.
/// </summary>
public sealed class KernelInbox
{
    private const string Source = "kernel_push";
    private const int NodeLimit = 100_000;

    private readonly Channel<PushedLine> _queue;
    private readonly IEventSink _sink;
    private readonly TailOptions _options;
    private readonly NodeClocks? _clocks;
    private readonly Dictionary<string, KernelLogReader> _readers = new(StringComparer.Ordinal);
    private readonly Lock _body = new();

    /// <summary>An inbox that holds so many lines between two steps.</summary>
    public KernelInbox(IEventSink sink, TailOptions options, int capacity = 65_536, NodeClocks? clocks = null)
    {
        (_sink, _options, _clocks) = (sink, options, clocks);
        _queue = Channel.CreateBounded<PushedLine>(new BoundedChannelOptions(capacity) { SingleReader = true });
    }

    /// <summary>
    /// Takes lines of one node's kernel log as a body of text; a line may name its node itself where <paramref name="node"/> is empty.
    /// 200 with all accepted, 400 where no line can be placed, 503 where the queue is full: what was not accepted may be sent again.
    /// </summary>
    public PushOutcome Post(ReadOnlyMemory<byte> body, string node)
    {
        // A record of the journal is many lines: those of two bodies must not mix.
        lock (_body)
            return Take(System.Text.Encoding.UTF8.GetString(body.Span), node);
    }

    private PushOutcome Take(string body, string node)
    {
        var accepted = 0;
        if (!body.EndsWith('\n') && body.Contains("__CURSOR=", StringComparison.Ordinal))
            body += "\n";
        foreach (var line in body.Split('\n'))
        {
            var text = line.TrimEnd('\r');
            if (text.Length > _options.LineBytes)
            {
                CollectorsMetrics.Refused(Source, "line_too_long");
                text = text[.._options.LineBytes];
            }

            if (!TryOffer(Placed(text, node)))
                return new PushOutcome(StatusCodes.Status503ServiceUnavailable, accepted, "the queue is full; send the rest again");
            accepted += text.Length > 0 ? 1 : 0;
        }

        return new PushOutcome(StatusCodes.Status200OK, accepted, "");
    }

    /// <summary>Reads everything that was pushed since the last step.</summary>
    public void Drain(DateTimeOffset now)
    {
        while (_queue.Reader.TryRead(out var pushed))
        {
            if (!_readers.TryGetValue(pushed.Host, out var reader))
            {
                if (_readers.Count >= NodeLimit)
                {
                    CollectorsMetrics.Refused(Source, "node_limit");
                    continue;
                }

                _readers[pushed.Host] = reader = new KernelLogReader(pushed.Host, _sink, _options, _clocks);
            }

            if (pushed.Line is { } line)
                reader.Read(line, pushed.Text, now);
            else
                reader.Read(pushed.Text, now);
        }
    }

    /// <summary>Takes a syslog message; false where there is no room. What is not of the kernel is passed over.</summary>
    internal bool TryOffer(string message, string sender)
    {
        if (SyslogMessage.TryParse(message) is not { } parsed)
        {
            CollectorsMetrics.Refused(Source, "not_syslog");
            return true;
        }

        if (!parsed.IsOfKernel)
        {
            CollectorsMetrics.Refused(Source, "not_kernel");
            return true;
        }

        return TryOffer(new PushedLine(parsed.Host.Length > 0 ? parsed.Host : sender, parsed.ToKernelLine(), message));
    }

    /// <summary>Waits until there is room again; a TCP sender waits with it.</summary>
    internal ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _queue.Writer.WaitToWriteAsync(cancellationToken);

    private bool TryOffer(PushedLine line)
    {
        if (_queue.Writer.TryWrite(line))
            return true;
        CollectorsMetrics.Refused(Source, "queue_full");
        return false;
    }

    private static PushedLine Placed(string text, string node)
    {
        if (node.Length > 0)
            return new PushedLine(node, null, text);
        return SyslogMessage.TryParse(text) is { } parsed
            ? new PushedLine(parsed.Host, parsed.IsOfKernel ? parsed.ToKernelLine() : new KernelLine(""), text)
            : new PushedLine(KernelLine.Parse(text).Host, null, text);
    }
}

using System.Buffers;
using Microsoft.Extensions.Logging;
using Observability.Model;
using Snappier;

namespace Observability.Collectors;

/// <summary>
/// Takes Prometheus remote write 1.0 and 2.0. What is valid is stored also where other series of the same request are refused; the
/// answer is then 400 and says which and why, and the sender does not send them again.
/// </summary>
public sealed class RemoteWriteReceiver(IReportingSink sink, RemoteWriteOptions options, Outside outside)
{
    private const string Door = "remote_write";

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.RemoteWrite");

    /// <summary>Limits of the door.</summary>
    internal RemoteWriteOptions Options => options;

    /// <summary>Takes one request in snappy's block format.</summary>
    public RemoteWriteOutcome Receive(ReadOnlyMemory<byte> compressed, RemoteWriteProtocol protocol)
    {
        byte[]? rented = null;
        try
        {
            var length = Snappy.GetUncompressedLength(compressed.Span);
            if (length < 0 || length > options.BodyLimitBytes)
                return Refuse(413, $"the decompressed body of {length} bytes is larger than {options.BodyLimitBytes} bytes; lower max_samples_per_send at the sender");
            rented = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
            var written = Snappy.Decompress(compressed.Span, rented);
            return Take(rented.AsMemory(0, written), protocol);
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentException or OverflowException)
        {
            return Refuse(400, $"the body is not snappy in block format: {fault.Message}");
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private RemoteWriteOutcome Take(ReadOnlyMemory<byte> message, RemoteWriteProtocol protocol)
    {
        var now = outside.Time.GetUtcNow();
        var request = new WriteRequest(options, (now + options.MaxAhead).ToUnixTimeMilliseconds());
        var fault = protocol == RemoteWriteProtocol.V2 ? new WriteRequestV2(message, request).Read()
            : WriteRequestV1.TryRead(message.Span, request) ? "" : "the body is not a prometheus.WriteRequest";
        if (fault.Length > 0)
            return Refuse(400, fault);
        var report = sink.Take(new SampleBatch(Door, now, request.Samples) { Exemplars = request.Exemplars, Metadata = request.Metadata });
        CollectorsMetrics.Samples(Door, report.Stored);
        foreach (var (reason, count) in request.Refused)
            CollectorsMetrics.Refused(Door, reason, count);
        if (report.Refused > 0)
            CollectorsMetrics.Refused(Door, "store", report.Refused);
        var refused = request.RefusedCount + report.Refused;
        if (refused == 0)
            return new RemoteWriteOutcome(204, report.Stored, 0, request.Exemplars.Count, "");
        string[] named = [.. request.Reasons, .. report.First.Select(sample => sample.ToString())];
        var message400 = $"{refused} refused, {report.Stored} samples stored\n{string.Join('\n', named)}{(refused > named.Length ? "\n…" : "")}";
        CollectorsLog.PushRefused(_log, Door, message400);
        return new RemoteWriteOutcome(400, report.Stored, 0, request.Exemplars.Count, message400);
    }

    private RemoteWriteOutcome Refuse(int status, string message)
    {
        CollectorsMetrics.Refused(Door, "body");
        CollectorsLog.PushRefused(_log, Door, message);
        return new RemoteWriteOutcome(status, 0, 0, 0, message);
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Observability.Simulator;

/// <summary>
/// OTLP in protobuf, written by field number (opentelemetry/proto/metrics/v1/metrics.proto): the messages are few, and the
/// simulator stays free of packages.
/// </summary>
internal static class OtlpProtobuf
{
    public const string ContentType = "application/x-protobuf";

    private const int Fixed64 = 1;
    private const int Delimited = 2;

    // ExportMetricsServiceRequest{1 ResourceMetrics{1 Resource, 2 ScopeMetrics{1 Scope{1 name}, 2 Metric}}}
    public static byte[] Of(OtlpDocument document) => Message(request => Put(request, 1, Message(resource =>
    {
        Put(resource, 1, Message(owner => PutAttributes(owner, 1, document.Resource)));
        Put(resource, 2, Message(scope =>
        {
            Put(scope, 1, Message(name => Put(name, 1, OtlpDocument.Scope)));
            foreach (var metric in document.Metrics)
                Put(scope, 2, Metric(metric, document));
        }));
    })));

    // Metric{1 name, 3 unit, 5 Gauge{1 points}, 7 Sum{1 points, 2 temporality, 3 monotonic}}
    private static byte[] Metric(OtlpMetric metric, OtlpDocument document) => Message(message =>
    {
        Put(message, 1, metric.Name);
        Put(message, 3, metric.Unit);
        Put(message, metric.IsSum ? 7 : 5, Message(data =>
        {
            foreach (var point in metric.Points)
                Put(data, 1, Point(metric, point, document));
            if (!metric.IsSum)
                return;
            PutVarint(data, 2, OtlpDocument.Cumulative);
            PutVarint(data, 3, 1);
        }));
    });

    // NumberDataPoint{2 start, 3 time, 4 as_double, 7 attributes}
    private static byte[] Point(OtlpMetric metric, OtlpPoint point, OtlpDocument document) => Message(message =>
    {
        if (metric.IsSum)
            PutFixed(message, 2, (ulong)document.StartUnixNano);
        PutFixed(message, 3, (ulong)document.UnixNano);
        PutFixed(message, 4, BitConverter.DoubleToUInt64Bits(point.Value));
        PutAttributes(message, 7, point.Attributes);
    });

    // KeyValue{1 key, 2 AnyValue{1 string_value}}
    private static void PutAttributes(MemoryStream into, int field, IReadOnlyList<KeyValuePair<string, string>> attributes)
    {
        foreach (var (key, value) in attributes)
        {
            Put(into, field, Message(pair =>
            {
                Put(pair, 1, key);
                Put(pair, 2, Message(any => Put(any, 1, value)));
            }));
        }
    }

    private static byte[] Message(Action<MemoryStream> write)
    {
        using var body = new MemoryStream();
        write(body);
        return body.ToArray();
    }

    private static void Put(MemoryStream into, int field, string text) => Put(into, field, Encoding.UTF8.GetBytes(text));

    private static void Put(MemoryStream into, int field, byte[] bytes)
    {
        Varint(into, (ulong)((field << 3) | Delimited));
        Varint(into, (ulong)bytes.Length);
        into.Write(bytes);
    }

    private static void PutVarint(MemoryStream into, int field, ulong value)
    {
        Varint(into, (ulong)(field << 3));
        Varint(into, value);
    }

    private static void PutFixed(MemoryStream into, int field, ulong value)
    {
        Varint(into, (ulong)((field << 3) | Fixed64));
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        into.Write(bytes);
    }

    private static void Varint(MemoryStream into, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            into.WriteByte((byte)(value | 0x80));
        into.WriteByte((byte)value);
    }
}

using System.Globalization;
using Google.Protobuf;

namespace Observability.Collectors;

/// <summary>
/// Reads OTLP metrics in protobuf by field number (opentelemetry/proto/metrics/v1/metrics.proto): only the fields that
/// become samples are looked at, everything else is skipped.
/// </summary>
internal static class OtlpProtobufReader
{
    /// <summary>Fails with <see cref="InvalidProtocolBufferException"/> where the body is not such a message.</summary>
    public static OtlpResult Read(byte[] body)
    {
        var result = new Reading();
        foreach (var resource in Messages(body, 1))
        {
            var labels = OtlpNames.Kept(Attributes(Messages(resource, 1).FirstOrDefault([]), 1));
            foreach (var metric in Messages(resource, 2).SelectMany(scope => Messages(scope, 2)))
                result.Read(metric, labels);
        }

        return new OtlpResult(result.Points, result.Refused, result.Message);
    }

    private static IEnumerable<byte[]> Messages(byte[] body, int field) => Fields(body).Where(one => one.Field == field && one.Bytes is not null).Select(one => one.Bytes!);

    private static List<KeyValuePair<string, string>> Attributes(byte[] owner, int field) =>
        [.. Messages(owner, field).Select(pair => KeyValuePair.Create(Text(pair, 1), AnyValue(Messages(pair, 2).FirstOrDefault([]))))];

    // AnyValue: 1 string, 2 bool, 3 int, 4 double.
    private static string AnyValue(byte[] value)
    {
        foreach (var (field, bytes, number) in Fields(value))
        {
            return field switch
            {
                1 => System.Text.Encoding.UTF8.GetString(bytes!),
                2 => number != 0 ? "true" : "false",
                3 => ((long)number).ToString(CultureInfo.InvariantCulture),
                4 => BitConverter.UInt64BitsToDouble(number).ToString("R", CultureInfo.InvariantCulture),
                _ => "",
            };
        }

        return "";
    }

    private static string Text(byte[] body, int field) => System.Text.Encoding.UTF8.GetString(Messages(body, field).FirstOrDefault([]));

    private static List<(int Field, byte[]? Bytes, ulong Number)> Fields(byte[] body)
    {
        var fields = new List<(int, byte[]?, ulong)>();
        var input = new CodedInputStream(body);
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            var field = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.Varint: fields.Add((field, null, input.ReadUInt64())); break;
                case WireFormat.WireType.Fixed64: fields.Add((field, null, input.ReadFixed64())); break;
                case WireFormat.WireType.Fixed32: fields.Add((field, null, input.ReadFixed32())); break;
                case WireFormat.WireType.LengthDelimited: fields.Add((field, input.ReadBytes().ToByteArray(), 0)); break;
                default: input.SkipLastField(); break;
            }
        }

        return fields;
    }

    private sealed class Reading
    {
        public List<OtlpPoint> Points { get; } = [];

        public long Refused { get; private set; }

        public string Message { get; private set; } = "";

        // Metric: 1 name, 3 unit, 5 gauge, 7 sum. Gauge: 1 points. Sum: 1 points, 2 temporality, 3 monotonic.
        public void Read(byte[] metric, List<KeyValuePair<string, string>> labels)
        {
            var name = Text(metric, 1);
            var sum = Messages(metric, 7).FirstOrDefault();
            var data = sum ?? Messages(metric, 5).FirstOrDefault();
            if (data is null || name.Length == 0)
            {
                Refuse(name.Length == 0 ? "a metric has no name" : $"metric {name}: only gauges and sums are taken");
                return;
            }

            if (sum is not null && Fields(sum).Any(field => field is { Field: 2, Number: 1 }))
            {
                Refuse($"metric {name}: delta sums are not taken; send cumulative ones");
                return;
            }

            var counter = sum is not null && Fields(sum).Any(field => field is { Field: 3, Number: 1 });
            foreach (var point in Messages(data, 1))
                Points.Add(Point(name, Text(metric, 3), counter, labels, point));
        }

        // NumberDataPoint: 3 time, 4 double, 6 signed int, 7 attributes.
        private static OtlpPoint Point(string name, string unit, bool counter, List<KeyValuePair<string, string>> labels, byte[] point)
        {
            long at = 0;
            double value = 0;
            foreach (var (field, _, number) in Fields(point))
            {
                if (field == 3)
                    at = (long)(number / 1_000_000);
                else if (field == 4)
                    value = BitConverter.UInt64BitsToDouble(number);
                else if (field == 6)
                    value = (long)number;
            }

            return new OtlpPoint(name, unit, counter, [.. labels, .. Attributes(point, 7)], at, value);
        }

        private void Refuse(string message)
        {
            Refused++;
            Message = message;
        }
    }
}

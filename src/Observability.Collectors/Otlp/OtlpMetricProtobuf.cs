using System.Buffers.Binary;

namespace Observability.Collectors;

/// <summary>Reads ExportMetricsServiceRequest from protobuf (opentelemetry-proto, metrics/v1/metrics.proto); unknown fields are skipped.</summary>
internal static class OtlpMetricProtobuf
{
    /// <summary>The metrics of a request; null where the bytes are no such message.</summary>
    public static List<OtlpMetric>? Read(ReadOnlySpan<byte> request)
    {
        var metrics = new List<OtlpMetric>();
        return OtlpProtobuf.ReadGroups(request, metrics, ReadMetric, (metric, resource) => metric.Resource = resource) ? metrics : null;
    }

    private static bool ReadMetric(ReadOnlySpan<byte> message, List<OtlpMetric> into)
    {
        var metric = new OtlpMetric();
        into.Add(metric);
        var ok = true;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (!reader.IsBytes)
                continue;
            if (reader.Field == 1)
                metric.Name = reader.Text;
            else if (reader.Field == 2)
                metric.Description = reader.Text;
            else if (reader.Field == 3)
                metric.Unit = reader.Text;
            else if (KindOf(reader.Field) is var kind and not OtlpKind.Unknown)
                ok &= ReadPoints(reader.Bytes, metric, kind);
        }

        return ok && !reader.IsBroken;
    }

    private static OtlpKind KindOf(int field) => field switch
    {
        5 => OtlpKind.Gauge,
        7 => OtlpKind.Sum,
        9 => OtlpKind.Histogram,
        10 => OtlpKind.ExponentialHistogram,
        11 => OtlpKind.Summary,
        _ => OtlpKind.Unknown,
    };

    private static bool ReadPoints(ReadOnlySpan<byte> message, OtlpMetric metric, OtlpKind kind)
    {
        metric.Kind = kind;
        var ok = true;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader is { Field: 1, IsBytes: true })
            {
                var point = new OtlpPoint();
                ok &= kind is OtlpKind.Gauge or OtlpKind.Sum
                    ? ReadNumber(reader.Bytes, point)
                    : ReadDistribution(reader.Bytes, point, kind);
                metric.Points.Add(point);
            }
            else if (reader.Field == 2 && !reader.IsBytes)
            {
                metric.Temporality = (int)reader.Number;
            }
            else if (reader.Field == 3 && !reader.IsBytes)
            {
                metric.IsMonotonic = reader.Number != 0;
            }
        }

        return ok && !reader.IsBroken;
    }

    // NumberDataPoint: time 3, as_double 4, as_int 6 (sfixed64), attributes 7, flags 8.
    private static bool ReadNumber(ReadOnlySpan<byte> message, OtlpPoint point)
    {
        var ok = true;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader is { Field: 7, IsBytes: true })
                ok &= OtlpProtobuf.ReadAttribute(reader.Bytes, point.Attributes);
            else if (reader.Field == 3)
                point.TimeUnixNano = reader.Number;
            else if (reader.Field == 4)
                point.Value = reader.Double;
            else if (reader.Field == 6)
                point.Value = (long)reader.Number;
            else if (reader.Field == 8)
                point.NoRecordedValue = (reader.Number & 1) != 0;
        }

        return ok && !reader.IsBroken;
    }

    // HistogramDataPoint: time 3, count 4, sum 5, bucket_counts 6, explicit_bounds 7, attributes 9, flags 10.
    // SummaryDataPoint: time 3, count 4, sum 5, quantile_values 6, attributes 7, flags 8.
    private static bool ReadDistribution(ReadOnlySpan<byte> message, OtlpPoint point, OtlpKind kind)
    {
        var (attributes, flags) = kind switch
        {
            OtlpKind.Histogram => (9, 10),
            OtlpKind.Summary => (7, 8),
            _ => (1, 10),
        };
        var ok = true;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == attributes && reader.IsBytes)
                ok &= OtlpProtobuf.ReadAttribute(reader.Bytes, point.Attributes);
            else if (reader.Field == flags)
                point.NoRecordedValue = (reader.Number & 1) != 0;
            else if (reader.Field == 3)
                point.TimeUnixNano = reader.Number;
            else if (reader.Field == 4)
                point.Count = reader.Number;
            else if (reader.Field == 5)
                point.Sum = reader.Double;
            else if (kind != OtlpKind.ExponentialHistogram)
                ReadParts(ref reader, point, kind);
            else
                ok &= ReadExponential(ref reader, point.Exponential ??= new ExponentialData());
        }

        return ok && !reader.IsBroken;
    }

    // ExponentialHistogramDataPoint: scale 6 (sint32), zero_count 7, positive 8, negative 9, zero_threshold 14.
    private static bool ReadExponential(ref ProtoReader reader, ExponentialData data)
    {
        switch (reader.Field)
        {
            case 6 when !reader.IsBytes:
                data.Scale = Signed(reader.Number);
                return true;
            case 7 when !reader.IsBytes:
                data.ZeroCount = reader.Number;
                return true;
            case 14 when !reader.IsBytes:
                data.ZeroThreshold = reader.Double;
                return true;
            case 8 when reader.IsBytes:
                data.PositiveOffset = ReadBuckets(reader.Bytes, data.Positive, out var positive);
                return positive;
            case 9 when reader.IsBytes:
                data.NegativeOffset = ReadBuckets(reader.Bytes, data.Negative, out var negative);
                return negative;
            default:
                return true;
        }
    }

    // Buckets: offset 1 (sint32), bucket_counts 2 (uint64, packed).
    private static int ReadBuckets(ReadOnlySpan<byte> message, List<ulong> into, out bool ok)
    {
        var offset = 0;
        ok = true;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader is { Field: 1, IsBytes: false })
                offset = Signed(reader.Number);
            else if (reader is { Field: 2, IsBytes: false })
                into.Add(reader.Number);
            var packed = reader is { Field: 2, IsBytes: true } ? reader.Bytes : [];
            while (packed.Length > 0 && ok)
            {
                ok = ProtoReader.TryVarint(ref packed, out var count);
                into.Add(count);
            }
        }

        ok &= !reader.IsBroken;
        return offset;
    }

    private static int Signed(ulong zigzag) => (int)(uint)(zigzag >> 1) ^ -(int)(zigzag & 1);

    private static void ReadParts(ref ProtoReader reader, OtlpPoint point, OtlpKind kind)
    {
        if (kind == OtlpKind.Summary)
        {
            if (reader is { Field: 6, IsBytes: true })
                point.Quantiles.Add(ReadQuantile(reader.Bytes));
            return;
        }

        var packed = reader.Bytes;
        if (reader.Field is not (6 or 7))
            return;
        if (!reader.IsBytes)
            AddPart(point, reader.Field, reader.Number);
        for (; packed.Length >= 8; packed = packed[8..])
            AddPart(point, reader.Field, BinaryPrimitives.ReadUInt64LittleEndian(packed));
    }

    private static void AddPart(OtlpPoint point, int field, ulong bits)
    {
        if (field == 6)
            point.BucketCounts.Add(bits);
        else
            point.Bounds.Add(BitConverter.UInt64BitsToDouble(bits));
    }

    private static (double Quantile, double Value) ReadQuantile(ReadOnlySpan<byte> message)
    {
        double quantile = 0, value = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
                quantile = reader.Double;
            else if (reader.Field == 2)
                value = reader.Double;
        }

        return (quantile, value);
    }
}

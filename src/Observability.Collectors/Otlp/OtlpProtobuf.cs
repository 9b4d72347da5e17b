using System.Buffers.Binary;
using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// Reads ExportMetricsServiceRequest from protobuf. Field numbers are those of opentelemetry-proto
/// (metrics/v1/metrics.proto, common/v1/common.proto); unknown fields are skipped.
/// </summary>
internal static class OtlpProtobuf
{
    private const int MaxDepth = 8;

    /// <summary>The metrics of a request; null where the bytes are no such message.</summary>
    public static List<OtlpMetric>? Read(ReadOnlySpan<byte> request)
    {
        var metrics = new List<OtlpMetric>();
        var reader = new ProtoReader(request);
        var ok = true;
        while (reader.Next())
        {
            if (reader is { Field: 1, IsBytes: true })
                ok &= ReadResourceMetrics(reader.Bytes, metrics);
        }

        return ok && !reader.IsBroken ? metrics : null;
    }

    /// <summary>Reads one item of a scope and adds it.</summary>
    internal delegate bool ReadItem<T>(ReadOnlySpan<byte> message, List<T> into);

    /// <summary>
    /// Walks the shape that all signals share: groups 1 { resource 1 { attributes 1 }, scopes 2 { items 2 } }. False where the bytes are
    /// no such message.
    /// </summary>
    internal static bool ReadGroups<T>(
        ReadOnlySpan<byte> request, List<T> items, ReadItem<T> read, Action<T, IReadOnlyList<KeyValuePair<string, string>>> own)
    {
        var ok = true;
        var groups = new ProtoReader(request);
        while (groups.Next())
        {
            if (groups is not { Field: 1, IsBytes: true })
                continue;
            var (first, resource) = (items.Count, new List<KeyValuePair<string, string>>());
            var group = new ProtoReader(groups.Bytes);
            while (group.Next())
            {
                if (group is { Field: 1, IsBytes: true })
                    ok &= ReadAttributes(group.Bytes, 1, resource);
                else if (group is { Field: 2, IsBytes: true })
                    ok &= ReadScope(group.Bytes, items, read);
            }

            ok &= !group.IsBroken;
            foreach (var item in items.Skip(first))
                own(item, resource);
        }

        return ok && !groups.IsBroken;
    }

    private static bool ReadScope<T>(ReadOnlySpan<byte> message, List<T> items, ReadItem<T> read)
    {
        var ok = true;
        var scope = new ProtoReader(message);
        while (scope.Next())
        {
            if (scope is { Field: 2, IsBytes: true })
                ok &= read(scope.Bytes, items);
        }

        return ok && !scope.IsBroken;
    }

    private static bool ReadResourceMetrics(ReadOnlySpan<byte> message, List<OtlpMetric> metrics)
    {
        var resource = new List<KeyValuePair<string, string>>();
        var first = metrics.Count;
        var ok = true;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader is { Field: 1, IsBytes: true })
                ok &= ReadAttributes(reader.Bytes, 1, resource);
            else if (reader is { Field: 2, IsBytes: true })
                ok &= ReadScopeMetrics(reader.Bytes, metrics);
        }

        foreach (var metric in metrics.Skip(first))
            metric.Resource = resource;
        return ok && !reader.IsBroken;
    }

    private static bool ReadScopeMetrics(ReadOnlySpan<byte> message, List<OtlpMetric> metrics)
    {
        var ok = true;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader is not { Field: 2, IsBytes: true })
                continue;
            var metric = new OtlpMetric();
            ok &= ReadMetric(reader.Bytes, metric);
            metrics.Add(metric);
        }

        return ok && !reader.IsBroken;
    }

    private static bool ReadMetric(ReadOnlySpan<byte> message, OtlpMetric metric)
    {
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
                ok &= ReadAttribute(reader.Bytes, point.Attributes);
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
                ok &= ReadAttribute(reader.Bytes, point.Attributes);
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

    private static bool ReadAttributes(ReadOnlySpan<byte> message, int field, List<KeyValuePair<string, string>> into)
    {
        var ok = true;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == field && reader.IsBytes)
                ok &= ReadAttribute(reader.Bytes, into);
        }

        return ok && !reader.IsBroken;
    }

    internal static bool ReadAttribute(ReadOnlySpan<byte> message, List<KeyValuePair<string, string>> into)
    {
        string key = "", value = "";
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader is { Field: 1, IsBytes: true })
                key = reader.Text;
            else if (reader is { Field: 2, IsBytes: true })
                value = ReadValue(reader.Bytes, 0);
        }

        into.Add(new(key, value));
        return !reader.IsBroken;
    }

    // AnyValue: string 1, bool 2, int 3, double 4, array 5; other kinds are not labels.
    internal static string ReadValue(ReadOnlySpan<byte> message, int depth)
    {
        var reader = new ProtoReader(message);
        var value = "";
        while (reader.Next())
        {
            value = reader.Field switch
            {
                1 => reader.Text,
                2 => reader.Number != 0 ? "true" : "false",
                3 => ((long)reader.Number).ToString(CultureInfo.InvariantCulture),
                4 => reader.Double.ToString("R", CultureInfo.InvariantCulture),
                5 when depth < MaxDepth => ReadArray(reader.Bytes, depth),
                _ => value,
            };
        }

        return value;
    }

    private static string ReadArray(ReadOnlySpan<byte> message, int depth)
    {
        var items = new List<string>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader is { Field: 1, IsBytes: true })
                items.Add(ReadValue(reader.Bytes, depth + 1));
        }

        return string.Join(',', items);
    }
}

using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads <c>prometheus.WriteRequest</c> (remote write 1.0) in place.
/// <code>
/// WriteRequest { repeated TimeSeries timeseries = 1; repeated MetricMetadata metadata = 3; }
/// TimeSeries { repeated Label labels = 1 { string name = 1; string value = 2; }
///   repeated Sample samples = 2 { double value = 1; int64 timestamp = 2; }  // milliseconds
///   repeated Exemplar exemplars = 3 { repeated Label labels = 1; double value = 2; int64 timestamp = 3; }
///   repeated Histogram histograms = 4; }
/// MetricMetadata { MetricType type = 1; string metric_family_name = 2; string help = 4; string unit = 5; }
/// </code>
/// </summary>
internal static class WriteRequestV1
{
    /// <summary>False where the bytes are no such message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, WriteRequest request)
    {
        var labels = request.NewLabels();
        var ok = true;
        var reader = new ProtoReader(message);
        while (ok && reader.Next())
        {
            if (reader is { Field: 1, IsBytes: true })
                ok = TryReadSeries(reader.Bytes, labels, request);
            else if (reader is { Field: 3, IsBytes: true })
                ok = TryReadMetadata(reader.Bytes, request);
        }

        return ok && !reader.IsBroken;
    }

    // Labels come first in what every sender writes, but the format does not say so: they are read before everything else.
    private static bool TryReadSeries(ReadOnlySpan<byte> message, LabelsInMaking labels, WriteRequest request)
    {
        if (!TryReadLabels(message, labels))
            return false;
        var series = labels.Finish(needsName: true, out var reason);
        long samples = 0, histograms = 0, exemplars = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (!reader.IsBytes || reader.Field == 1)
                continue;
            if (reader.Field == 2 && ++samples > 0 && !TryReadSample(reader.Bytes, series, request))
                return false;
            if (reader.Field == 3 && ++exemplars > 0 && !TryReadExemplar(reader.Bytes, series, request))
                return false;
            histograms += reader.Field == 4 ? 1 : 0;
        }

        if (series is null)
            request.Refuse("labels", samples + histograms + exemplars, reason);
        else
            request.Refuse("native_histogram", histograms, $"{series}: {NativeHistograms.Refusal}");
        return !reader.IsBroken;
    }

    private static bool TryReadLabels(ReadOnlySpan<byte> message, LabelsInMaking labels)
    {
        labels.Clear();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader is not { Field: 1, IsBytes: true })
                continue;
            ReadOnlySpan<byte> name = [], value = [];
            var label = new ProtoReader(reader.Bytes);
            while (label.Next())
            {
                if (label is { Field: 1, IsBytes: true })
                    name = label.Bytes;
                else if (label is { Field: 2, IsBytes: true })
                    value = label.Bytes;
            }

            if (label.IsBroken)
                return false;
            labels.Add(name, value);
        }

        return !reader.IsBroken;
    }

    private static bool TryReadSample(ReadOnlySpan<byte> message, LabelSet? series, WriteRequest request)
    {
        double value = 0;
        long time = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
                value = reader.Double;
            else if (reader.Field == 2)
                time = (long)reader.Number;
        }

        if (series is not null && !reader.IsBroken)
            request.Add(series, new Sample(time, value));
        return !reader.IsBroken;
    }

    private static bool TryReadExemplar(ReadOnlySpan<byte> message, LabelSet? series, WriteRequest request)
    {
        var labels = request.NewLabels();
        if (!TryReadLabels(message, labels))
            return false;
        double value = 0;
        long time = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 2)
                value = reader.Double;
            else if (reader.Field == 3)
                time = (long)reader.Number;
        }

        if (series is null || reader.IsBroken)
            return !reader.IsBroken;
        if (labels.Finish(needsName: false, out var reason) is { } own)
            request.Exemplars.Add(new SeriesExemplar(series, own, new Sample(time, value)));
        else
            request.Refuse("exemplar", 1, $"{series}: exemplar {reason}");
        return true;
    }

    private static bool TryReadMetadata(ReadOnlySpan<byte> message, WriteRequest request)
    {
        ulong type = 0;
        string family = "", help = "", unit = "";
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when !reader.IsBytes:
                    type = reader.Number;
                    break;
                case 2:
                    family = reader.Text;
                    break;
                case 4:
                    help = reader.Text;
                    break;
                case 5:
                    unit = reader.Text;
                    break;
            }
        }

        if (family.Length > 0)
            request.Metadata.Add(new MetricMetadata(family, MetricTypes.Of(type), help, unit));
        return !reader.IsBroken;
    }
}

using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads <c>io.prometheus.write.v2.Request</c> (remote write 2.0) in place: labels are pairs of references into a table of symbols,
/// whose first one is empty.
/// <code>
/// Request { repeated string symbols = 4; repeated TimeSeries timeseries = 5; }
/// TimeSeries { repeated uint32 labels_refs = 1; repeated Sample samples = 2 { double value = 1; int64 timestamp = 2; int64 start_timestamp = 3; }
///   repeated Histogram histograms = 3;
///   repeated Exemplar exemplars = 4 { repeated uint32 labels_refs = 1; double value = 2; int64 timestamp = 3; }
///   Metadata metadata = 5 { MetricType type = 1; uint32 help_ref = 3; uint32 unit_ref = 4; } }
/// </code>
/// </summary>
internal sealed class WriteRequestV2(ReadOnlyMemory<byte> message, WriteRequest request)
{
    private readonly List<Range> _symbols = [];
    private readonly HashSet<string> _described = new(StringComparer.Ordinal);
    private readonly List<uint> _references = [];
    private readonly LabelsInMaking _labels = request.NewLabels();

    /// <summary>An empty text; or what the message is instead.</summary>
    public string Read()
    {
        // Symbols may come in pieces between the series; all of them are known before the first reference is followed.
        if (!TryReadSymbols())
            return "the body is not an io.prometheus.write.v2.Request";
        if (_symbols.Count > 0 && !_symbols[0].Equals(default) && Symbol(0).Length > 0)
            return "symbols[0] is not the empty string";
        var reader = new ProtoReader(message.Span);
        while (reader.Next())
        {
            if (reader is { Field: 5, IsBytes: true } && !TryReadSeries(reader.Bytes))
                return "the body is not an io.prometheus.write.v2.Request: a series is cut";
        }

        return "";
    }

    private bool TryReadSymbols()
    {
        var all = message.Span;
        var reader = new ProtoReader(all);
        while (reader.Next())
        {
            if (reader is not { Field: 4, IsBytes: true })
                continue;
            var start = reader.Bytes.Length == 0 ? 0 : Offset(all, reader.Bytes);
            _symbols.Add(start..(start + reader.Bytes.Length));
        }

        return !reader.IsBroken;
    }

    private static int Offset(ReadOnlySpan<byte> all, ReadOnlySpan<byte> part)
    {
        all.Overlaps(part, out var offset);
        return offset;
    }

    private ReadOnlySpan<byte> Symbol(uint reference) => message.Span[_symbols[(int)reference]];

    private bool TryReadSeries(ReadOnlySpan<byte> series)
    {
        if (!TryReadLabels(series, out var reason, needsName: true, out var labels))
            return false;
        long samples = 0, histograms = 0, exemplars = 0;
        var reader = new ProtoReader(series);
        while (reader.Next())
        {
            if (!reader.IsBytes || reader.Field == 1)
                continue;
            if (reader.Field == 2 && ++samples > 0 && !TryReadSample(reader.Bytes, labels))
                return false;
            histograms += reader.Field == 3 ? 1 : 0;
            if (reader.Field == 4 && ++exemplars > 0 && !TryReadExemplar(reader.Bytes, labels))
                return false;
            if (reader.Field == 5 && labels is not null && !TryReadMetadata(reader.Bytes, labels))
                return false;
        }

        if (labels is null)
            request.Refuse("labels", Math.Max(1, samples + histograms + exemplars), reason);
        else if (samples + histograms + exemplars == 0)
            request.Refuse("empty", 1, $"{labels}: the series has neither samples nor histograms");
        else
            request.Refuse("native_histogram", histograms, $"{labels}: {NativeHistograms.Refusal}");
        return !reader.IsBroken;
    }

    private bool TryReadLabels(ReadOnlySpan<byte> owner, out string reason, bool needsName, out LabelSet? labels)
    {
        _references.Clear();
        _labels.Clear();
        (reason, labels) = ("", null);
        var reader = new ProtoReader(owner);
        while (reader.Next())
        {
            if (reader.Field != 1)
                continue;
            if (!reader.IsBytes)
            {
                _references.Add((uint)Math.Min(reader.Number, uint.MaxValue));
                continue;
            }

            var packed = reader.Bytes;
            while (packed.Length > 0)
            {
                if (!ProtoReader.TryVarint(ref packed, out var reference))
                    return false;
                _references.Add((uint)Math.Min(reference, uint.MaxValue));
            }
        }

        if (reader.IsBroken)
            return false;
        if (_references.Count % 2 != 0)
            _labels.Fail($"{_references.Count} label references are not pairs");
        for (var i = 0; i + 1 < _references.Count; i += 2)
        {
            if (_references[i] < _symbols.Count && _references[i + 1] < _symbols.Count)
                _labels.Add(Symbol(_references[i]), Symbol(_references[i + 1]));
            else
                _labels.Fail($"label reference {Math.Max(_references[i], _references[i + 1])} is not below {_symbols.Count}, the number of symbols");
        }

        labels = _labels.Finish(needsName, out reason);
        return true;
    }

    private bool TryReadSample(ReadOnlySpan<byte> sample, LabelSet? labels)
    {
        double value = 0;
        long time = 0;
        var reader = new ProtoReader(sample);
        while (reader.Next())
        {
            if (reader.Field == 1)
                value = reader.Double;
            else if (reader.Field == 2)
                time = (long)reader.Number;
        }

        if (labels is not null && !reader.IsBroken)
            request.Add(labels, new Sample(time, value));
        return !reader.IsBroken;
    }

    private bool TryReadExemplar(ReadOnlySpan<byte> exemplar, LabelSet? series)
    {
        if (!TryReadLabels(exemplar, out var reason, needsName: false, out var own))
            return false;
        double value = 0;
        long time = 0;
        var reader = new ProtoReader(exemplar);
        while (reader.Next())
        {
            if (reader.Field == 2)
                value = reader.Double;
            else if (reader.Field == 3)
                time = (long)reader.Number;
        }

        if (reader.IsBroken)
            return false;
        if (series is not null && own is not null)
            request.Exemplars.Add(new SeriesExemplar(series, own, new Sample(time, value)));
        else if (series is not null)
            request.Refuse("exemplar", 1, $"{series}: exemplar {reason}");
        return true;
    }

    // Every series of a family carries its metadata; one of them is enough.
    private bool TryReadMetadata(ReadOnlySpan<byte> metadata, LabelSet labels)
    {
        ulong type = 0, help = 0, unit = 0;
        var reader = new ProtoReader(metadata);
        while (reader.Next())
        {
            if (reader.IsBytes)
                continue;
            if (reader.Field == 1)
                type = reader.Number;
            else if (reader.Field == 3)
                help = reader.Number;
            else if (reader.Field == 4)
                unit = reader.Number;
        }

        var typeName = MetricTypes.Of(type);
        var family = MetricFamily.Of(labels.MetricName, typeName);
        if (!reader.IsBroken && (type | help | unit) != 0 && _described.Add(family))
            request.Metadata.Add(new MetricMetadata(family, typeName, Text(help), Text(unit)));
        return !reader.IsBroken;
    }

    private string Text(ulong reference) => reference < (ulong)_symbols.Count ? Utf8Pool.Shared.Get(Symbol((uint)reference)) : "";
}

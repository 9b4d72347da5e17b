using Observability.Model;
using Snappier;

namespace Observability.Collectors;

/// <summary>
/// Writes <c>prometheus.WriteRequest</c> (remote write 1.0, which every receiver takes; the message is shown at <see cref="WriteRequestV1"/>),
/// compressed with snappy in its block format. Not thread-safe.
/// </summary>
internal sealed class WriteRequestWriter
{
    private readonly ProtoWriter _message = new();

    /// <summary>The body of a request for some samples, in their order, with exemplars and with what is said about families.</summary>
    public byte[] Write(IEnumerable<SeriesSample> samples, IReadOnlyList<SeriesExemplar> exemplars, IReadOnlyList<MetricMetadata> metadata)
    {
        _message.Clear();
        foreach (var (labels, sample) in samples)
        {
            var series = _message.Begin(1);
            Write(labels);
            var point = _message.Begin(2);
            _message.Double(1, sample.Value);
            _message.Number(2, (ulong)sample.UnixMilliseconds);
            _message.End(point);
            _message.End(series);
        }

        foreach (var exemplar in exemplars)
        {
            var series = _message.Begin(1);
            Write(exemplar.Series);
            var of = _message.Begin(3);
            Write(exemplar.Labels);
            _message.Double(2, exemplar.Measured.Value);
            _message.Number(3, (ulong)exemplar.Measured.UnixMilliseconds);
            _message.End(of);
            _message.End(series);
        }

        foreach (var family in metadata)
        {
            var said = _message.Begin(3);
            _message.Number(1, MetricTypes.NumberOf(family.Type));
            _message.Text(2, family.Family);
            _message.Text(4, family.Help);
            _message.Text(5, family.Unit);
            _message.End(said);
        }

        return Snappy.CompressToArray(_message.Written);
    }

    private void Write(LabelSet labels)
    {
        foreach (var (name, value) in labels)
        {
            var label = _message.Begin(1);
            _message.Text(1, name);
            _message.Text(2, value);
            _message.End(label);
        }
    }
}

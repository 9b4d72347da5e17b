using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Prometheus;

namespace Observability.Server;

/// <summary>
/// Shows every instrument of our own meters at <c>/metrics</c> under its own name and as what it is. The adapter that comes with
/// prometheus-net puts the meter's name before the instrument's and calls every counter a gauge.
/// </summary>
internal static class MeterBridge
{
    // Seconds, from a stage that takes microseconds to a runbook's step.
    private static readonly double[] Seconds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly CollectorRegistry Shown = Prometheus.Metrics.NewCustomRegistry();
    private static readonly MetricFactory Factory = Prometheus.Metrics.WithCustomRegistry(Shown);
    private static readonly MeterListener Listener = Listen();

    /// <summary>
    /// What <c>/metrics</c> shows. Meters belong to the process, so there is one. Listening begins with the first call: make it
    /// before anything is counted.
    /// </summary>
    public static CollectorRegistry Registry => Shown;

    private static MeterListener Listen()
    {
        DotNetStats.Register(Shown);
        var listener = new MeterListener { InstrumentPublished = Publish };
        listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((Family)state!).Add(value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, state) => ((Family)state!).Add(value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((Family)state!).Add(value, tags));
        listener.Start();
        Shown.AddBeforeCollectCallback(() => Listener.RecordObservableInstruments());
        return listener;
    }

    private static void Publish(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name.StartsWith("Observability.", StringComparison.Ordinal))
            listener.EnableMeasurementEvents(instrument, new Family(instrument, Factory));
    }

    // One instrument. Its tags have the same names in the same order nearly always, so the last ones are tried first.
    private sealed class Family(Instrument instrument, MetricFactory factory)
    {
        private readonly ConcurrentDictionary<string, Shape> _shapes = new(StringComparer.Ordinal);
        private volatile Shape? _last;

        public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var shape = _last is { } last && last.Fits(tags) ? last : _last = Find(tags);
            var values = new string[tags.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? "";
            shape.Add(values, value);
        }

        private Shape Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var names = new string[tags.Length];
            for (var i = 0; i < names.Length; i++)
                names[i] = tags[i].Key;
            return _shapes.GetOrAdd(string.Join(',', names), _ => new Shape(names, Writer(names)));
        }

        private Action<string[], double> Writer(string[] names)
        {
            var help = instrument.Description ?? "";
            switch (instrument)
            {
                case Histogram<double> or Histogram<long>:
                    var histogram = factory.CreateHistogram(instrument.Name, help, names, new HistogramConfiguration { Buckets = Seconds });
                    return (values, value) => histogram.WithLabels(values).Observe(value);
                case UpDownCounter<long> or UpDownCounter<int>:
                    var level = factory.CreateGauge(instrument.Name, help, names);
                    return (values, value) => level.WithLabels(values).Inc(value);
                case Counter<long> or Counter<int> or Counter<double>:
                    var counter = factory.CreateCounter(instrument.Name, help, names);
                    return (values, value) => counter.WithLabels(values).Inc(value);
                case ObservableCounter<long> or ObservableCounter<double>:
                    var total = factory.CreateCounter(instrument.Name, help, names);
                    return (values, value) => total.WithLabels(values).IncTo(value);
                default:
                    var gauge = factory.CreateGauge(instrument.Name, help, names);
                    return (values, value) => gauge.WithLabels(values).Set(value);
            }
        }
    }

    private sealed class Shape(string[] names, Action<string[], double> add)
    {
        public Action<string[], double> Add => add;

        public bool Fits(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length != names.Length)
                return false;
            for (var i = 0; i < names.Length; i++)
            {
                if (tags[i].Key != names[i])
                    return false;
            }

            return true;
        }
    }
}

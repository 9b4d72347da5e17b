using Observability.Model;

namespace Observability.Collectors;

/// <summary>Collects what a recording's readers find.</summary>
internal sealed class RecordingSink(List<RecordedItem> items) : ISampleSink, IEventSink
{
    public int Samples { get; private set; }

    public int Events { get; private set; }

    public void Append(SampleBatch batch)
    {
        Samples += batch.Samples.Count;
        items.Add(new RecordedItem(batch.At, batch, null));
    }

    public void Publish(TelemetryEvent telemetryEvent)
    {
        Events++;
        items.Add(new RecordedItem(telemetryEvent.At, null, telemetryEvent));
    }
}

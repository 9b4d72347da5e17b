using System.Collections.Concurrent;
using Observability.Alerting;
using Observability.Collectors;
using Observability.Metrics;
using Observability.Model;
using Observability.Slos;

namespace Observability.Server;

/// <summary>What the boxes left of the hinge and the front doors see of the pipeline.</summary>
internal sealed class PipelineDoors(PipelineInlet inlet) : IAlertOutput, IAlertSink, ISloOutput, ITopologySink
{
    // A change of the topology is told once only, so one that finds no room waits here for the next step.
    private const int WaitingLimit = 100_000;
    private readonly ConcurrentQueue<TopologyChange> _waiting = new();

    public void Post(Alert alert) => inlet.TryPost(new PipelineInput.Alerted(alert));

    public bool TryPost(Alert alert) => inlet.TryPost(new PipelineInput.Alerted(alert));

    public void Post(BudgetBurn burn) => inlet.TryPost(new PipelineInput.Burned(burn));

    public void Apply(TopologyChange change)
    {
        if (_waiting.Count < WaitingLimit)
            _waiting.Enqueue(change);
        else
            ServerMetrics.InletRefused.Add(1, new KeyValuePair<string, object?>("input", nameof(PipelineInput.Reshaped)));
        Forward();
    }

    /// <summary>Hands on what waits, in order, as far as there is room. Called by the one thread that steps the platform.</summary>
    public void Forward()
    {
        while (_waiting.TryPeek(out var change) && inlet.TryPost(new PipelineInput.Reshaped(change)))
            _waiting.TryDequeue(out _);
    }

    public static ISampleSink SamplesInto(ISampleAppender appender) => new Samples(appender);

    public static IReportingSink ReportingInto(SeriesStore store) => new Reporting(store);

    private sealed class Reporting(SeriesStore store) : IReportingSink
    {
        public AppendReport Take(SampleBatch batch) => store.Take(batch);
    }

    private sealed class Samples(ISampleAppender appender) : ISampleSink
    {
        public void Append(SampleBatch batch) => appender.Append(batch);
    }
}

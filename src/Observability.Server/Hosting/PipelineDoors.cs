using Observability.Alerting;
using Observability.Collectors;
using Observability.Metrics;
using Observability.Model;
using Observability.Slos;

namespace Observability.Server;

/// <summary>What the boxes left of the hinge and the front doors see of the pipeline.</summary>
internal sealed class PipelineDoors(PipelineInlet inlet) : IAlertOutput, IAlertSink, ISloOutput, ITopologySink
{
    public void Post(Alert alert) => inlet.TryPost(new PipelineInput.Alerted(alert));

    public bool TryPost(Alert alert) => inlet.TryPost(new PipelineInput.Alerted(alert));

    public void Post(BudgetBurn burn) => inlet.TryPost(new PipelineInput.Burned(burn));

    public void Apply(TopologyChange change) => inlet.Reshape(change);

    public static ISampleSink SamplesInto(ISampleAppender appender) => new Samples(appender);

    /// <param name="store">Where samples go.</param>
    /// <param name="labels">Learns entities from them; null where a file tells of all.</param>
    public static IReportingSink ReportingInto(SeriesStore store, LabelTopology? labels) => new Reporting(store, labels);

    private sealed class Reporting(SeriesStore store, LabelTopology? labels) : IReportingSink
    {
        public AppendReport Take(SampleBatch batch)
        {
            labels?.Learn(batch);
            return store.Take(batch);
        }
    }

    private sealed class Samples(ISampleAppender appender) : ISampleSink
    {
        public void Append(SampleBatch batch) => appender.Append(batch);
    }
}

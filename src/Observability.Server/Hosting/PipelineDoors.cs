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

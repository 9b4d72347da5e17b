using Observability.Model;

namespace Observability.Metrics;

/// <summary>Takes samples in. Rules write their results and the <c>ALERTS</c> series through it; scrapes and pushes come the same way.</summary>
public interface ISampleAppender
{
    /// <summary>Stores a batch. A refused sample is counted, never an exception, and never stops the batch.</summary>
    void Append(SampleBatch batch);
}

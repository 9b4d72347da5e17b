using Observability.Model;

namespace Observability.Collectors;

/// <summary>Where samples go.</summary>
public interface ISampleSink
{
    /// <summary>Takes what one scrape or push brought.</summary>
    void Append(SampleBatch batch);
}

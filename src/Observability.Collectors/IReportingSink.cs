using Observability.Model;

namespace Observability.Collectors;

/// <summary>Where samples go whose sender wants to know what became of them.</summary>
public interface IReportingSink
{
    /// <summary>Takes what one push brought and says which samples were not stored.</summary>
    AppendReport Take(SampleBatch batch);
}

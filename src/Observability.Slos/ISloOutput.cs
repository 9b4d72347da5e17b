using Observability.Model;

namespace Observability.Slos;

/// <summary>Where burn-rate alerts and budget burns go.</summary>
public interface ISloOutput
{
    /// <summary>Takes an alert that fires, is repeated or ends.</summary>
    void Post(Alert alert);

    /// <summary>Takes what a stretch of time used of a budget.</summary>
    void Post(BudgetBurn burn);
}

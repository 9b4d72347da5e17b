namespace Observability.Collectors;

/// <summary>What came of a request.</summary>
/// <param name="Status">HTTP status; 0 where no answer came.</param>
/// <param name="Fault">What went wrong; empty where nothing did.</param>
internal sealed record KubernetesAnswer(int Status, string Fault)
{
    /// <summary>The version asked from is too old.</summary>
    public bool IsExpired => Status == 410;

    /// <summary>The cluster has no such resource.</summary>
    public bool IsMissing => Status == 404;
}

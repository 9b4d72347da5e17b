namespace Observability.Simulator;

/// <summary>One export of one job.</summary>
/// <param name="Job">Goes into the resource as <c>job_name</c>.</param>
/// <param name="StartUnixNano">Since when sums count.</param>
/// <param name="UnixNano">Time of all points.</param>
/// <param name="Metrics">What is exported.</param>
internal sealed record OtlpDocument(string Job, long StartUnixNano, long UnixNano, IReadOnlyList<OtlpMetric> Metrics)
{
    public const string Scope = "train";

    /// <summary>Cumulative, in the enumeration of the protocol.</summary>
    public const int Cumulative = 2;

    public IReadOnlyList<KeyValuePair<string, string>> Resource => [new("service.name", "trainer"), new("job_name", Job)];
}

namespace Observability.Simulator;

/// <summary>A write that the simulated API took: repeated in order on a fresh cluster at the same times it gives the same cluster.</summary>
/// <param name="At">When, in the fleet's time.</param>
/// <param name="Method">POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">Path of the URL.</param>
/// <param name="Query">Query by parameter.</param>
/// <param name="ContentType">Media type of the body: patches differ by it.</param>
/// <param name="Body">JSON; empty where there was none.</param>
/// <param name="UserAgent">Who wrote.</param>
public sealed record KubernetesWrite(
    DateTimeOffset At, string Method, string Path, IReadOnlyDictionary<string, string> Query, string ContentType, string Body, string UserAgent);

namespace Observability.Collectors;

/// <summary>What became of a request. The counts are those of the <c>X-Prometheus-Remote-Write-…-Written</c> headers.</summary>
/// <param name="Status">204, 400 where anything was refused, or 413.</param>
/// <param name="Samples">Samples stored.</param>
/// <param name="Histograms">Native histograms stored: none so far.</param>
/// <param name="Exemplars">Exemplars handed on.</param>
/// <param name="Message">Which series were refused and why, one a line, or an empty string.</param>
public sealed record RemoteWriteOutcome(int Status, long Samples, long Histograms, long Exemplars, string Message);

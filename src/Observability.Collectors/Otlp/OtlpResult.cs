namespace Observability.Collectors;

/// <summary>What a push gave: points, and how many were refused and why.</summary>
internal sealed record OtlpResult(List<OtlpPoint> Points, long Refused, string Message);

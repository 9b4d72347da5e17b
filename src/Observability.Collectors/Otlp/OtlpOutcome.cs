namespace Observability.Collectors;

/// <summary>What became of a request.</summary>
/// <param name="Status">HTTP status: 200, also where some points were rejected, or 400.</param>
/// <param name="Accepted">Data points taken.</param>
/// <param name="Rejected">Data points not taken; the sender must not send them again.</param>
/// <param name="Message">Why, or an empty string.</param>
public sealed record OtlpOutcome(int Status, long Accepted, long Rejected, string Message);

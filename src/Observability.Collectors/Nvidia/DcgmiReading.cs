namespace Observability.Collectors;

/// <summary>What one JSON output of dcgmi holds.</summary>
/// <param name="Findings">Tests and health watches that passed, warned or failed.</param>
/// <param name="LinkErrors">NVLink error counters: GPU, link, kind as printed (<c>CRC Data Error</c>), value.</param>
/// <param name="Refused">What was not taken, with place and reason.</param>
internal sealed record DcgmiReading(
    IReadOnlyList<DcgmiFinding> Findings, IReadOnlyList<(string Gpu, string Link, string Kind, double Count)> LinkErrors, IReadOnlyList<string> Refused);

namespace Observability.Collectors;

/// <summary>How a body is read.</summary>
/// <param name="Format">Its format.</param>
/// <param name="UnixMilliseconds">Time of samples that state none, or whose time is not honoured.</param>
/// <param name="HonorTimestamps">Whether a time in the text counts.</param>
/// <param name="SampleLimit">Most samples taken.</param>
/// <param name="LateMilliseconds">How old a stated time that is not honoured may be; a sample that says it is older is late and not taken.</param>
/// <param name="Metadata">Whether TYPE, HELP and UNIT are wanted.</param>
internal readonly record struct ReadSettings(
    ExpositionFormat Format, long UnixMilliseconds, bool HonorTimestamps = false, int SampleLimit = int.MaxValue, long LateMilliseconds = long.MaxValue,
    bool Metadata = true);

using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// What Megatron-LM says when it computes a step again whose result it does not believe (its rerun state machine, off unless the job asks for it).
/// The only line of a training log that names the rank at fault: the same step, the same GPU, another result.
/// <code>
/// Unexpected result 14.8 on rank 12 at iteration #4100 invocation #1 (message='Spiky loss')
/// Rank 12, node node-001, device 4, iteration #4100: First rerun: unexpected result is not reproducible within the tolerance (2.31 != 14.8)!
/// Rank 12, node node-001, device 4, iteration #4100: Possible transient error!!
/// </code>
/// </summary>
internal static partial class ReplayLines
{
    /// <summary>Code, rank, node and fields of a line; null where it is none of these.</summary>
    public static (string Code, string Rank, string Node, LabelSet Fields)? Read(string line)
    {
        // Two words that no other line has, before an expression is tried on every line of a log.
        if (!line.Contains("iteration #", StringComparison.Ordinal))
            return null;
        if (Unexpected().Match(line) is { Success: true } first)
        {
            return ("replay:unexpected_result", first.Groups["rank"].Value, "", LabelSet.Of(
                ("step", first.Groups["step"].Value), ("result", first.Groups["result"].Value), ("message", first.Groups["message"].Value)));
        }

        if (Diagnosis().Match(line) is not { Success: true } found)
            return null;
        var says = found.Groups["says"].Value;
        return CodeOf(says) is not { } code ? null : (code, found.Groups["rank"].Value, found.Groups["node"].Value, LabelSet.Of(
            ("step", found.Groups["step"].Value), ("device", found.Groups["device"].Value), ("message", says.TrimEnd('!'))));
    }

    // "First rerun: … reproducible" decides nothing yet: another GPU has to compute the step.
    private static string? CodeOf(string says) =>
        says.StartsWith("Possible transient error", StringComparison.Ordinal) ? "replay:transient_error"
        : says.StartsWith("Possible persistent error", StringComparison.Ordinal) ? "replay:persistent_error"
        : says.StartsWith("Correct result", StringComparison.Ordinal) ? "replay:correct_result"
        : says.StartsWith("First rerun: unexpected result is reproducible", StringComparison.Ordinal) ? "replay:reproducible"
        : null;

    [GeneratedRegex(@"Unexpected result (?<result>\S{1,64}) on rank (?<rank>\d{1,7}) at iteration #(?<step>\d{1,12}) invocation #\d{1,9} \(message='(?<message>[^']{0,256})'\)", RegexOptions.CultureInvariant)]
    private static partial Regex Unexpected();

    [GeneratedRegex(@"Rank (?<rank>\d{1,7}), node (?<node>[^\s,]{1,253}), device (?<device>\d{1,4}), iteration #(?<step>\d{1,12}): (?<says>.{1,512})", RegexOptions.CultureInvariant)]
    private static partial Regex Diagnosis();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// What a job says of its model when it starts.
/// <code>
///   num_layers ...................................... 32          Megatron-LM prints every argument
///   num_attention_heads ............................. 32
///   hidden_size ..................................... 4096
///   kv_channels ..................................... 128
///   seq_length ...................................... 4096
///   world_size ...................................... 64
/// Model llama3 8B size: 8,030,261,248 total parameters            torchtitan
/// Peak FLOPS used for computing MFU: 9.890e+14
/// </code>
/// </summary>
internal static partial class ModelLines
{
    /// <summary>The shape with what the line adds; the same object where it adds nothing.</summary>
    public static ModelShape Read(string line, ModelShape known)
    {
        if (line.Contains("....", StringComparison.Ordinal) && Argument().Match(line) is { Success: true } argument
            && int.TryParse(argument.Groups["value"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0)
        {
            return argument.Groups["name"].Value switch
            {
                "num_layers" => known with { Layers = value },
                "num_attention_heads" => known with { Heads = value },
                "kv_channels" => known with { HeadSize = value },
                "seq_length" => known with { SequenceLength = value },
                "world_size" => known with { Gpus = value },
                _ => known,
            };
        }

        if (line.Contains("total parameters", StringComparison.Ordinal) && Size().Match(line) is { Success: true } size)
            return known with { Parameters = ProgressFields.NumberOf(size.Groups["n"].Value) ?? known.Parameters };
        if (line.Contains("computing MFU", StringComparison.Ordinal) && Peak().Match(line) is { Success: true } peak)
            return known with { PeakFlops = ProgressFields.NumberOf(peak.Groups["n"].Value) ?? known.PeakFlops };
        return known;
    }

    [GeneratedRegex(@"^\s*(?<name>\w+) \.{3,} (?<value>\d+)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Argument();

    [GeneratedRegex(@"size: (?<n>[\d,]+) total parameters", RegexOptions.CultureInvariant)]
    private static partial Regex Size();

    [GeneratedRegex(@"Peak FLOPS used for computing MFU: (?<n>[\d.eE+]+)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Peak();
}

using System.Text;

namespace Observability.Collectors;

/// <summary>
/// Holds a body to every rule of OpenMetrics 1.0 (https://prometheus.io/docs/specs/om/open_metrics_spec/): spelling to the last space,
/// families in one piece, values that their type allows. Reading a target is laxer: a bad line costs itself there. This is for
/// who writes an exporter, or a file that is to be read by others.
/// </summary>
public static class OpenMetricsCheck
{
    private const int MostFaults = 20;
    private const int TextLength = 160;
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What is wrong with a body, the first faults in the order of their lines; empty where nothing is.</summary>
    public static IReadOnlyList<RefusedLine> Faults(ReadOnlySpan<byte> body)
    {
        string text;
        try
        {
            text = s_utf8.GetString(body);
        }
        catch (DecoderFallbackException fault)
        {
            return [new RefusedLine(1 + body[..Math.Max(0, fault.Index)].Count((byte)'\n'), "the body is not valid UTF-8", "")];
        }

        var faults = new List<RefusedLine>();
        var families = new StrictFamilies();
        var lines = text.Split('\n');
        var ended = false;
        for (var i = 0; i < lines.Length && faults.Count < MostFaults; i++)
        {
            // What follows the last line feed is a line only where something stands there.
            if (i == lines.Length - 1 && lines[i].Length == 0)
                break;
            var fault = ended ? "text follows # EOF" : lines[i] == "# EOF" ? families.End() : families.Read(lines[i]);
            ended |= lines[i] == "# EOF";
            if (fault is not null)
                faults.Add(new RefusedLine(i + 1, fault, Show(lines[i])));
        }

        if (!ended && faults.Count < MostFaults)
            faults.Add(new RefusedLine(lines.Length, "the body does not end with # EOF", Show(lines[^1])));
        return faults;
    }

    private static string Show(string line) => line.Length <= TextLength ? line : line[..TextLength] + "…";
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// Reads <c>nvidia-smi nvlink -s</c>:
/// <code>
/// GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-5269b708-…)
///          Link 0: 25 GB/s
///          Link 1: &lt;inactive&gt;
/// </code>
/// </summary>
internal static partial class NvidiaSmiLinks
{
    private const int LinkLimit = 256 * 64;

    /// <summary>True where a text holds such a list.</summary>
    public static bool Begins(ReadOnlySpan<byte> text) => Read(text).Count > 0;

    /// <summary>GPU index, UUID, link, and bytes per second in one direction; null for an inactive link.</summary>
    public static IReadOnlyList<(string Gpu, string Uuid, string Link, double? BytesPerSecond)> Read(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("Link "u8) < 0)
            return [];
        var links = new List<(string, string, string, double?)>();
        var (gpu, uuid) = ("", "");
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            var trimmed = line.Trim(" \t\r"u8);
            // Only what can be a line of the list is looked at closer.
            if (line.StartsWith("GPU "u8) && Gpu().Match(Encoding.UTF8.GetString(line)) is { Success: true } board)
            {
                (gpu, uuid) = (board.Groups["gpu"].Value, board.Groups["uuid"].Value);
            }
            else if (gpu.Length > 0 && links.Count < LinkLimit && trimmed.StartsWith("Link "u8) && Link().Match(Encoding.UTF8.GetString(line)) is { Success: true } link)
            {
                double? speed = double.TryParse(link.Groups["speed"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var gigabytes) ? gigabytes * 1e9 : null;
                links.Add((gpu, uuid, link.Groups["link"].Value, speed));
            }
            else if (trimmed.Length > 0)
            {
                // A list ends with the first line of something else.
                (gpu, uuid) = ("", "");
            }
        }

        return links;
    }

    [GeneratedRegex(@"^GPU (?<gpu>\d{1,4}): .*\(UUID: (?<uuid>GPU-[0-9a-fA-F-]+)\)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Gpu();

    [GeneratedRegex(@"^\s+Link (?<link>\d{1,3}): (?:(?<speed>\d+(?:\.\d+)?) GB/s|<inactive>)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}

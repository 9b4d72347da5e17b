using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// Reads <c>ibnetdiscover -p</c>:
/// <code>
/// CA   134  1 0x7cfe9003003b4bde 4x EDR - SW  1719 10 0x7cfe9003009ce5b0 ( 'o0001 HCA-1' - 'ib-i1l1s01' )
/// SW  2052 37 0x506b4b03005c2740 4x ???                                    'ib-i4l1s01'
/// SW   479 22 0x0002c9020040f161 4x QDR                                   Infiniscale-IV Mellanox Technologies
/// </code>
/// </summary>
internal static partial class IbNetDiscoverReader
{
    private const int LinkLimit = 500_000;

    /// <summary>True where a text begins as ibnetdiscover's output does.</summary>
    public static bool Begins(string text) => Line().IsMatch(text.TrimStart().Split('\n')[0].TrimEnd());

    public static (List<IbLink> Links, List<string> Refused) Read(string text)
    {
        var links = new List<IbLink>();
        var refused = new List<string>();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd();
            if (line.Length == 0)
                continue;
            if (Line().Match(line) is not { Success: true } match)
                refused.Add($"line {number}: not a port of ibnetdiscover -p: {Excerpt.Of(line)}");
            else if (links.Count < LinkLimit)
                links.Add(Link(match));
        }

        return (links, refused);
    }

    /// <summary>Bytes per second of one lane, on the wire's payload; null where the speed is unknown.</summary>
    public static double? BytesPerSecondOf(string speed) => speed switch
    {
        "SDR" => 2e9 / 8,
        "DDR" => 4e9 / 8,
        "QDR" => 8e9 / 8,
        "FDR10" => 10e9 / 8,
        "FDR" => 14e9 / 8,
        "EDR" => 25e9 / 8,
        "HDR" => 50e9 / 8,
        "NDR" => 100e9 / 8,
        "XDR" => 200e9 / 8,
        _ => null,
    };

    private static IbLink Link(Match match)
    {
        string Of(string name) => match.Groups[name].Value;
        var isOpen = !match.Groups["guid2"].Success;
        var from = new IbEnd(Of("kind") == "SW", Of("lid"), Of("port"), Of("guid")) { Name = Of(isOpen ? "open" : "name").Trim('\'', ' ') };
        var to = isOpen ? null : new IbEnd(Of("kind2") == "SW", Of("lid2"), Of("port2"), Of("guid2")) { Name = Of("name2").Trim() };
        return new IbLink(from, to, int.Parse(Of("lanes"), CultureInfo.InvariantCulture), Of("speed"));
    }

    [GeneratedRegex(
        """
        ^(?<kind>CA|SW|RT)\s+(?<lid>\d+)\s+(?<port>\d+)\s+(?<guid>0x[0-9a-fA-F]{16})\s+(?<lanes>\d{1,2})x\s(?<speed>[A-Z0-9]+|\?\?\?)
        (?:\s+-\s+(?<kind2>CA|SW|RT)\s+(?<lid2>\d+)\s+(?<port2>\d+)\s+(?<guid2>0x[0-9a-fA-F]{16})\s+\(\s'(?<name>.*?)'\s-\s'(?<name2>.*)'\s\)
        |\s+(?<open>\S.*))$
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Line();
}

namespace Observability.Collectors.Tests;

public sealed class NvLinkDecodeTests
{
    [Theory]
    // Unit 2, sub-code 4 in the layout before R575; code 4 in the later one.
    [InlineData(145, "0x00000082 0x00000040", "RLW_REMAP", "reset-gpu", "")]
    [InlineData(145, "0x00000004 0x00000040", "RLW_REMAP", "reset-gpu", "")]
    [InlineData(145, "0x00000004 0x00000102", "RLW_REMAP", "xid-154", "")]
    [InlineData(145, "0x00000004 0x80000000 0x1 0x2", "RLW_REMAP", "ignore", "")]
    [InlineData(145, "0x00000086 0x00000001", "RLW_RXPIPE", "reset-gpu", "")]
    [InlineData(145, "0x00000006 0x00000001", "RLW_RXPIPE", "ignore", "")]
    [InlineData(149, "0x00000013 0x00000002", "NETIR_BER_EVENT", "ignore", "")]
    [InlineData(149, "0x00a00011 0x00000000", "NETIR_LINK_DOWN", "reset-gpu", "10")]
    [InlineData(149, "0x026001c6 0x00000000", "NETIR_LINK_DOWN", "ignore", "38")]
    [InlineData(150, "0x00000000 0x00000000", "MSE", "reset-gpu", "")]
    [InlineData(144, "0x00100001 0x00000001", "", "", "")]
    [InlineData(144, "0x00000001", "", "", "")]
    [InlineData(144, "", "", "", "")]
    public void NvLink5_Words_GiveUnitAndResolution(int xid, string words, string unit, string resolution, string reason) =>
        Assert.Equal((unit, resolution, reason), NvLink5Decode.Of(xid, words));

    [Theory]
    [InlineData("0x0, 0x0, 0x10000, 0x0, 0x0, 0x0, 0x0", "report_if_repeated")]
    [InlineData("0x100, 0x0, 0x10000, 0x0, 0x0, 0x0, 0x0", "hardware")]
    [InlineData("0x10, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0", "ecc")]
    [InlineData("0x200000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0", "signal_integrity")]
    [InlineData("0x0, 0x0, 0x0, 0x10000, 0x0, 0x0, 0x0", "follows_another_error")]
    [InlineData("0x1, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0", "ignore")]
    [InlineData("0x0, 0x8, 0x0, 0x0, 0x0, 0x0, 0x0", "report")]
    [InlineData("0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0", "")]
    [InlineData("0x1, 0x0", "")]
    public void NvLink4_Registers_GiveTheirMeaning(string registers, string meaning) => Assert.Equal(meaning, NvLink4Decode.Meaning(registers));

    [Fact]
    public void NvLink5_EveryRowOfTheSheet_IsDecodedToItsAction()
    {
        var file = Path.Combine(World.SharedData("samples", "xid_catalogue"), "nvidia-xid-144-150-decode-2025-09-30.csv");
        Assert.SkipUnless(File.Exists(file), $"{file} is not on this machine");
        var rows = Sheet(File.ReadAllText(file)).Skip(1).ToList();

        Assert.Equal(95, rows.Count);
        Assert.Equal([], rows.SelectMany(row => Wrong(row, row[2]).Concat(Wrong(row, row[3]))));
    }

    // Both layouts of the first word, every listed status.
    private static IEnumerable<string> Wrong(List<string> row, string pattern)
    {
        var info = Convert.ToUInt32(pattern.Replace('-', '0'), 2);
        var expected = row[5] switch { "IGNORE" => "ignore", "RESET_GPU" => "reset-gpu", "XID_154_EVAL" => "xid-154", _ => row[5] };
        foreach (var status in (row[4].Length == 0 ? "0x00000001" : row[4]).Split('/'))
        {
            var got = NvLink5Decode.Of(int.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture), $"0x{info:x8} {status}").Resolution;
            if (got != expected)
                yield return $"{row[0]} {row[1]} 0x{info:x8} {status}: '{got}', the sheet says '{expected}'";
        }
    }

    // A sheet with quoted cells that hold line feeds.
    private static IEnumerable<List<string>> Sheet(string text)
    {
        var row = new List<string>();
        var cell = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var c in text)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is ',' or '\n' && !quoted)
            {
                row.Add(cell.ToString().Trim());
                cell.Clear();
                if (c == '\n')
                {
                    yield return row;
                    row = [];
                }
            }
            else
            {
                cell.Append(c);
            }
        }
    }
}

using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Observability.Collectors.Tests;

public sealed class LogTableTests
{
    [Fact]
    public void Export_OfALogStore_IsReadLineByLineOfEachHost() => Golden.Check("KernelLog", "export", node: "");

    [Theory]
    [InlineData("kind,code,line\n", true)]
    [InlineData("\uFEFFTime,Message\r\n", true)]
    [InlineData("line\n", false)]
    [InlineData("index, name, uuid\n", false)]
    [InlineData("", false)]
    public void Table_IsKnownByItsColumns(string head, bool expected) =>
        Assert.Equal(expected, new LogTableCapture().Recognises(new CaptureFile("x.csv", World.Utf8(head).ToArray(), World.Start, Model.LabelSet.Empty)));

    [Property]
    public Property Rows_WrittenWithQuotes_ComeBack() => Prop.ForAll(
        Gen.ArrayOf(Gen.ArrayOf(Gen.Elements("", "a", "\"", ",", "\n", "é", "b\"c", "x,y"), 3), 4).ToArbitrary(),
        rows =>
        {
            var text = string.Concat(rows.Select(row => string.Join(',', row.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n"));
            Assert.Equal(rows, CsvText.Rows(text).Select(row => row.Cells.ToArray()));
        });

    [Property]
    public Property DamagedTable_NeverThrows() => Prop.ForAll(
        Gen.Elements("time,line\n1,\"a\"\"b\"\n2,c\n", "@timestamp,host,_raw\n2026-03-01T12:00:00Z,n,\"NVRM: Xid (PCI:0000:18:00): 79\"\n").ArbMapDamage(),
        text => Golden.Read("x.csv", text));

    [Fact]
    public void Samples_OfXidLines_GiveAsManyEventsAsTheLinesAlone()
    {
        var folder = World.SharedData("samples", "xid_lines");
        var table = Golden.Read("lines.csv", File.ReadAllText(Path.Combine(folder, "lines.csv")));
        var lines = Golden.Read("lines.txt", File.ReadAllText(Path.Combine(folder, "lines.txt")));

        Assert.Equal("log-table", table.Kind);
        Assert.Equal((lines.Lines, lines.Events, 0L), (table.Lines, table.Events, table.Refused));
    }
}

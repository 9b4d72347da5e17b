using System.Text;
using System.Xml;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Observability.Collectors.Tests;

public sealed class XmlScanTests
{
    private static readonly Gen<string> Words = Gen.Elements("a", "27 C", "x &amp; y", "&lt;1&gt;", " N/A ", "é", "a\nb", "1 < 2".Replace("<", "&#60;", StringComparison.Ordinal));

    [Property]
    public Property Document_GivesWhatXmlReaderGives() => Prop.ForAll(
        Document().ToArbitrary(), document => Assert.Equal(Reference(document), Scan(document)));

    [Theory]
    [InlineData("", "there is no element")]
    [InlineData("<a><b>1</b>", "<a> is not closed")]
    [InlineData("<a><b>1</c></a>", "</c> stands where </b> belongs")]
    [InlineData("</a>", "</a> ends nothing")]
    [InlineData("<a><b", "a tag is not closed")]
    [InlineData("<a><!-- b</a>", "a comment is not closed")]
    [InlineData("<a>< b></a>", "a tag has no name")]
    [InlineData("<a b='1></a>", "a tag is not closed")]
    public void Document_ThatBreaksOff_SaysWhere(string document, string fault) => Assert.Equal("! " + fault, Scan(document)[^1]);

    [Fact]
    public void Depth_HasALimit() =>
        Assert.Equal("! elements lie more than 64 deep", Scan(string.Concat(Enumerable.Repeat("<a>", 100)))[^1]);

    [Property]
    public Property Damaged_NeverThrows() => Prop.ForAll(
        Gen.Elements("<?xml version=\"1.0\"?><!DOCTYPE n [<!ENTITY a \"b\">]><n><gpu id='0'><t>27 C</t></gpu></n>", "<n><!-- c --><a x=\"1>\"/><![CDATA[<q>]]></n>").ArbMapDamage(),
        document => Assert.NotEmpty(Scan(document)));

    // One line for each part, as both readers see it; what neither tells is left out.
    private static List<string> Scan(string document)
    {
        var seen = new List<string>();
        var scan = new XmlScan(Encoding.UTF8.GetBytes(document));
        while (true)
        {
            switch (scan.Read())
            {
                case XmlPart.Start:
                    seen.Add($"{scan.Depth - 1} <{Encoding.UTF8.GetString(scan.Name)} {scan.Attribute("id"u8)}");
                    break;
                case XmlPart.Empty:
                    seen.Add($"{scan.Depth} <{Encoding.UTF8.GetString(scan.Name)} {scan.Attribute("id"u8)}/");
                    break;
                case XmlPart.Text:
                    seen.Add($"= {XmlScan.Decode(scan.Value)}");
                    break;
                case XmlPart.End:
                    seen.Add($"{scan.Depth} >{Encoding.UTF8.GetString(scan.Name)}");
                    break;
                case XmlPart.Broken:
                    seen.Add($"! {scan.Fault}");
                    return seen;
                default:
                    seen.Add("done");
                    return seen;
            }
        }
    }

    private static List<string> Reference(string document)
    {
        var seen = new List<string>();
        using var reader = XmlReader.Create(new StringReader(document), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
                seen.Add($"{reader.Depth} <{reader.Name} {reader.GetAttribute("id")}{(reader.IsEmptyElement ? "/" : "")}");
            else if (reader.NodeType == XmlNodeType.Text)
                seen.Add($"= {reader.Value.Trim()}");
            else if (reader.NodeType == XmlNodeType.EndElement)
                seen.Add($"{reader.Depth} >{reader.Name}");
        }

        seen.Add("done");
        return seen;
    }

    private static Gen<string> Document() =>
        from body in Element(3)
        from head in Gen.Elements("", "<?xml version=\"1.0\" ?>\n<!DOCTYPE n SYSTEM \"n.dtd\">\n")
        select head + body;

    private static Gen<string> Element(int depth) =>
        from name in Gen.Elements("gpu", "fb_memory_usage", "t-1", "x.y")
        from id in Gen.Elements("", " id=\"00:1\"", " other='>' id = 'a&amp;b'", " ids=\"2\"")
        from parts in depth == 0 ? Words.Select(word => new[] { word }) : Gen.ArrayOf(Gen.OneOf(Element(depth - 1), Words.Select(word => $"<v>{word}</v>"), Gen.Elements("<e/>", "<e id='9' />", "<!-- <c> -->", "\n\t")), 3)
        select $"<{name}{id}>{string.Concat(parts)}</{name}>";
}

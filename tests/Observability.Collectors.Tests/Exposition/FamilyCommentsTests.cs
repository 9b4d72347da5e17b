using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class FamilyCommentsTests
{
    private const string Body = """
        # TYPE wait_seconds histogram
        # UNIT wait_seconds seconds
        # HELP wait_seconds How long.\nIn all.
        wait_seconds_bucket{le="1"} 2 # {trace_id="abc"} 0.4 1772366398.5
        wait_seconds_bucket{le="+Inf"} 2 # {broken} 0.4
        # TYPE old untyped
        # a comment
        old 1
        # EOF

        """;

    [Fact]
    public void Read_CommentsAndExemplars_AreTaken()
    {
        var (samples, result) = ExpositionText.Read(World.Utf8(Body).Span, ExpositionFormat.OpenMetrics, World.Start);

        Assert.Equal(
            [new MetricMetadata("wait_seconds", "histogram", "How long.\nIn all.", "seconds"), new MetricMetadata("old", MetricMetadata.UnknownType, "", "")],
            result.Metadata);
        Assert.Equal(
            [new SeriesExemplar(samples[0].Labels, LabelSet.Of(("trace_id", "abc")), new Sample(1772366398500, 0.4))], result.Exemplars);
        Assert.Equal(3, samples.Count);
    }

    [Fact]
    public void Read_TheSameCommentsAgain_TellsNothingNew()
    {
        var reader = new ExpositionReader(new SeriesCache(static labels => new SeriesShape(labels)));
        var settings = new ReadSettings(ExpositionFormat.OpenMetrics, 1);
        Assert.Equal(2, reader.Read(World.Utf8(Body).Span, settings, []).Metadata.Count);
        Assert.Empty(reader.Read(World.Utf8(Body).Span, settings, []).Metadata);
        var changed = reader.Read(World.Utf8("# HELP old Gone soon.\n# EOF\n").Span, settings, []).Metadata;
        Assert.Equal([new MetricMetadata("old", MetricMetadata.UnknownType, "Gone soon.", "")], changed);
    }

    [Fact]
    public void ReadBlocks_AFileLargerThanABlock_LosesNoLineAndCountsLinesFromTheStart()
    {
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => i == 150_000 ? "bad line here\n" : FormattableString.Invariant($"metric_{i % 10}{{i=\"{i}\"}} {i} 1772366398.5\n"))) + "# EOF\n";
        var blocks = ExpositionText.ReadBlocks(new MemoryStream(World.Utf8(text).ToArray()), ExpositionFormat.OpenMetrics, World.Start).ToList();

        Assert.True(blocks.Count > 1);
        Assert.Equal(199_999, blocks.Sum(block => block.Samples.Count));
        Assert.Equal([150_001], blocks.SelectMany(block => block.Result.Refused).Select(line => line.Line));
    }
}

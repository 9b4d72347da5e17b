using System.Text;
using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class SeriesPatternsTests
{
    private static readonly string[] s_metrics = ["up", "a:b", "node_disk_info", "9up", "", "größe", "a-b"];
    private static readonly string[] s_names = ["device", "cpu", "UUID", "_x", "zone", "le", "__name__", "a:b", "1st", ""];
    private static readonly string[] s_values = ["", "eth0", "0", "größe ☃", "} 1 # {", "C:\\\\x", "\\\"", "a\tb", "\u0001", new string('v', 8_192), new string('v', 8_193)];

    /// <summary>Whatever follows whatever: where the pattern fits, the slow reading gives the same length and the same labels.</summary>
    [Property(MaxTest = 2000)]
    public bool Measure_LinesInAnyOrder_GivesWhatTheSlowReadingGives(int seed)
    {
        var random = new Random(seed);
        var pattern = new SeriesPatterns();
        var layout = Layout(random);
        for (var i = 0; i < 30; i++)
        {
            layout = random.Next(6) == 0 ? Layout(random) : layout;
            var line = Encoding.UTF8.GetBytes(Line(random, layout));
            if (random.Next(12) == 0)
                line[random.Next(line.Length)] = (byte)random.Next(256);
            var length = SeriesText.Measure(line, out _);
            var labels = length > 0 ? SeriesText.Parse(line.AsSpan(0, length), out _) : null;
            var fits = pattern.Measure(line);
            if (fits > 0 && (fits != length || labels is null || !SameSet(pattern.Labels(line), labels)))
                return false;
            if (fits == 0 && labels is not null)
                pattern.Learn(line.AsSpan(0, length));
        }

        return true;
    }

    // Label for label, and with the hash that is computed from the labels themselves.
    private static bool SameSet(LabelSet quick, LabelSet slow) => quick.SequenceEqual(slow) && quick.GetHashCode() == slow.GetHashCode();

    [Theory]
    [InlineData("a{x=\"1\",b=\"2\"} 1", "c{x=\"3\",b=\"4\"} 1", "c{b=\"4\", x=\"3\"}")]
    [InlineData("a{x=\"1\",b=\"2\"} 1", "c{x=\"\",b=\"4\"} 1", "c{b=\"4\"}")]
    [InlineData("a{x=\"1\",UUID=\"2\"} 1", "c{x=\"größe\",UUID=\"}\"} 1", "c{UUID=\"}\", x=\"größe\"}")]
    [InlineData("a{x=\"1\"} 1", "b 1", "b{}")]
    public void Measure_OnlyValuesOrMetricDiffer_Fits(string learnt, string line, string labels)
    {
        var pattern = Learnt(learnt);
        Assert.Equal(line.IndexOf(" 1", StringComparison.Ordinal) + line.Count(c => c > 127), pattern.Measure(Encoding.UTF8.GetBytes(line)));
        Assert.Equal(labels, pattern.Labels(Encoding.UTF8.GetBytes(line)).ToString());
    }

    [Theory]
    [InlineData("a{x=\"1\"} 1", "a{x=\"1\",b=\"2\"} 1")]
    [InlineData("a{x=\"1\",b=\"2\"} 1", "a{x=\"1\"} 1")]
    [InlineData("a{x=\"1\"} 1", "a{x=\"\\\\\"} 1")]
    [InlineData("a{x=\"1\"} 1", "a{x=\"1\" } 1")]
    [InlineData("a{x=\"1\"} 1", "a {x=\"1\"} 1")]
    [InlineData("a{x=\"1\"} 1", "a{x=\"1")]
    [InlineData("a{x=\"1\"} 1", "9{x=\"1\"} 1")]
    [InlineData("a{x=\"1\",} 1", "a{x=\"1\",} 1")]
    [InlineData("a{x=\"\\n\"} 1", "a{x=\"1\"} 1")]
    [InlineData("{\"a\",x=\"1\"} 1", "a{x=\"1\"} 1")]
    public void Measure_AnythingElseDiffers_LeavesItToTheSlowReading(string learnt, string line) =>
        Assert.Equal(0, Learnt(learnt).Measure(Encoding.UTF8.GetBytes(line)));

    /// <summary>On the second body nothing is left to learn, although two patterns take turns; a family more costs one look, a family less none.</summary>
    [Fact]
    public void Measure_BodiesOfTheSameOrder_FitFromTheSecondOn()
    {
        string[] usual = ["a{x=\"1\"} 1", "b{y=\"1\"} 1", "b{y=\"2\"} 1", "c 1", "a{x=\"2\"} 1", "d{x=\"1\",z=\"2\"} 1", "a{x=\"3\"} 1"];
        string[] more = [.. usual[..3], "new{n=\"\"} 1", .. usual[3..]];
        string[] less = [.. usual[..4], .. usual[5..]];
        var patterns = new SeriesPatterns();

        Assert.Equal([5, 0, 1, 0, 0, 0], ((string[][])[usual, usual, more, less, more, usual]).Select(body =>
        {
            patterns.Begin();
            return body.Count(line =>
            {
                var bytes = Encoding.UTF8.GetBytes(line);
                if (patterns.Measure(bytes) > 0)
                    return false;
                patterns.Learn(bytes.AsSpan(0, SeriesText.Measure(bytes, out _)));
                return true;
            });
        }));
    }

    /// <summary>A body in which every line has a pattern of its own does not fill the memory: the chain of patterns begins anew.</summary>
    [Fact]
    public void Learn_PatternsWithoutEnd_StillFitsTheLineBefore()
    {
        var patterns = new SeriesPatterns();
        for (var i = 0; i < 5_000; i++)
        {
            var line = Encoding.UTF8.GetBytes($"a{{l{i}=\"1\"}} 1");
            Assert.Equal(0, patterns.Measure(line));
            patterns.Learn(line.AsSpan(0, line.Length - 2));
            Assert.Equal(line.Length - 2, patterns.Measure(line));
        }
    }

    private static SeriesPatterns Learnt(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        var pattern = new SeriesPatterns();
        pattern.Learn(bytes.AsSpan(0, SeriesText.Measure(bytes, out _)));
        return pattern;
    }

    private static string[] Layout(Random random) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => s_names[Skewed(random, s_names.Length)])];

    private static string Line(Random random, string[] layout)
    {
        var odd = random.Next(5) == 0;
        var (space, comma, quote) = odd ? (Odd(" "), Odd(","), Odd("\"")) : ("", "", "");
        var labels = string.Join(odd && random.Next(4) == 0 ? ", " : ",", layout.Select(name => $"{quote}{name}{quote}=\"{s_values[Skewed(random, s_values.Length)]}\""));
        return s_metrics[Skewed(random, s_metrics.Length)] + space + (layout.Length == 0 && random.Next(2) == 0 ? "" : $"{{{labels}{comma}}}") + (odd ? Odd(" ") : " ") + "1.5";

        string Odd(string text) => random.Next(3) == 0 ? text : "";
    }

    // The first ones often, so that neighbours agree.
    private static int Skewed(Random random, int count) => random.Next(1 + random.Next(count));
}

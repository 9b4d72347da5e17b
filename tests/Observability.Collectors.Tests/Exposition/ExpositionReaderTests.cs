using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class ExpositionReaderTests
{
    [Theory]
    [InlineData("up 1", "up{} 1")]
    [InlineData("a{b=\"c\"} 1.5e3", "a{b=\"c\"} 1500")]
    [InlineData("a {b=\"c\"}\t-0.25 ", "a{b=\"c\"} -0.25")]
    [InlineData("a{gpu=\"0\", UUID=\"GPU-1\",pod=\"\",} 7\r", "a{UUID=\"GPU-1\", gpu=\"0\"} 7")]
    [InlineData("a{p=\"C:\\\\x\\n\\\"y\\\"}\"} 1", "a{p=\"C:\\\\x\\n\\\"y\\\"}\"} 1")]
    [InlineData("a{} +Inf", "a{} Infinity")]
    [InlineData("a NaN", "a{} NaN")]
    [InlineData("{\"my.metric\", \"a.b\"=\"c\"} 4", "my.metric{a.b=\"c\"} 4")]
    [InlineData("a 9223372036854775794", "a{} 9.223372036854776E+18")]
    public void Read_OddButValidLine_IsTaken(string line, string expected)
    {
        var (samples, result) = ExpositionText.Read(Encoding.UTF8.GetBytes(line), ExpositionFormat.Text, World.Start);

        Assert.Empty(result.Refused);
        Assert.Equal([expected], samples.Select(s => FormattableString.Invariant($"{s.Labels} {s.Sample.Value}")));
    }

    [Theory]
    [InlineData("up", "the value is missing")]
    [InlineData("up x", "the value 'x' is not a number")]
    [InlineData("up 0x1", "the value '0x1' is not a number")]
    [InlineData("up 1_000", "the value '1_000' is not a number")]
    [InlineData("9up 1", "a metric name does not begin with a digit")]
    [InlineData("a-b 1", "a metric name holds letters, digits, '_' and ':' only")]
    [InlineData("a{b=\"c\" 1", "the label set is not closed")]
    [InlineData("a{b=c} 1", "a label value is not quoted")]
    [InlineData("a{b} 1", "label b has no '='")]
    [InlineData("a{b=\"1\"c=\"2\"} 1", "a ',' is missing after label b")]
    [InlineData("a{b=\"1\",b=\"2\"} 1", "label b appears twice")]
    [InlineData("a{__name__=\"x\"} 1", "the label __name__ is reserved")]
    [InlineData("a 1 soon", "the time 'soon' is not a number of milliseconds")]
    [InlineData("a 1 1700000000000 x", "unexpected text 'x' after the time")]
    public void Read_BadLineAmongGood_IsRefusedByNumberAndTheOthersAreTaken(string line, string reason)
    {
        var (samples, result) = ExpositionText.Read(
            Encoding.UTF8.GetBytes($"first 1\n{line}\nlast 2\n"), ExpositionFormat.Text, World.Start);

        Assert.Equal([new RefusedLine(2, reason, line)], result.Refused);
        Assert.Equal(["first", "last"], samples.Select(s => s.Labels.MetricName));
    }

    [Fact]
    public void Read_InvalidUtf8InAValue_IsRefused()
    {
        var (samples, result) = ExpositionText.Read([.. "a{b=\""u8, 0xC3, 0x28, .. "\"} 1"u8], ExpositionFormat.Text, World.Start);

        Assert.Empty(samples);
        Assert.Equal("a label value is not valid UTF-8", Assert.Single(result.Refused).Reason);
    }

    [Fact]
    public void Read_DuplicateSeries_KeepsTheFirst()
    {
        var (samples, result) = ExpositionText.Read("a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 2"u8, ExpositionFormat.Text, World.Start);

        Assert.Equal([1.0], samples.Select(s => s.Sample.Value));
        Assert.Equal("the series appears twice", Assert.Single(result.Refused).Reason);
    }

    [Fact]
    public void Read_Timestamps_AreMillisecondsOrSecondsAndImplausibleOnesAreReplaced()
    {
        var (text, _) = ExpositionText.Read("a 1 1723621883587\nb 1 1606402000"u8, ExpositionFormat.Text, World.Start);
        var (open, result) = ExpositionText.Read(
            "a 1 1723621883.587\nb_bucket{le=\"1\"} 3 # {t=\"x\"} 0.5 1723621883\n# EOF\nc 1"u8, ExpositionFormat.OpenMetrics, World.Start);

        Assert.Equal([1723621883587, World.Start.ToUnixTimeMilliseconds()], text.Select(s => s.Sample.UnixMilliseconds));
        Assert.Equal([1723621883587, World.Start.ToUnixTimeMilliseconds()], open.Select(s => s.Sample.UnixMilliseconds));
        Assert.True(result.Ended);
        Assert.Equal([new RefusedLine(4, "text follows # EOF", "c 1")], result.Refused);
    }

    [Fact]
    public void Read_NameThatIsAPrefixOfTheNext_IsNotMistakenForIt()
    {
        var cache = new SeriesCache(labels => new SeriesShape(labels));
        var reader = new ExpositionReader(cache);
        var names = new List<string>();
        foreach (var body in (string[])["up 1\nlast 1", "up_to 1\nup {a=\"b\"} 1\nlast 1", "up 1\nlast 1"])
        {
            var samples = new List<SeriesSample>();
            reader.Read(Encoding.UTF8.GetBytes(body), new ReadSettings(ExpositionFormat.Text, 1), samples);
            names.AddRange(samples.Select(s => s.Labels.ToString()));
        }

        Assert.Equal(["up{}", "last{}", "up_to{}", "up{a=\"b\"}", "last{}", "up{}", "last{}"], names);
    }

    [Fact]
    public void Read_SameBodyAgain_AllocatesNothingPerSample()
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2_000).Select(i => $"m{{gpu=\"{i}\",node=\"n\"}} {i}.5\n")));
        var reader = new ExpositionReader(new SeriesCache(labels => new SeriesShape(labels)));
        var samples = new List<SeriesSample>(2_000);
        for (var i = 0; i < 3; i++)
        {
            samples.Clear();
            reader.Read(body, new ReadSettings(ExpositionFormat.Text, i), samples);
        }

        // The least of several readings: a collection that another test sets off during one of them gives up what is left of
        // this thread's allocation block, and the runtime counts that as allocated.
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            samples.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            reader.Read(body, new ReadSettings(ExpositionFormat.Text, 9), samples);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(2_000, samples.Count);
        Assert.InRange(least, 0, 2_000);
    }

    [Fact]
    public void Read_LabelsThatChangeForEver_DoNotFillTheCache()
    {
        var cache = new SeriesCache(labels => new SeriesShape(labels));
        var reader = new ExpositionReader(cache);
        for (var i = 0; i < 200; i++)
        {
            var body = string.Concat(Enumerable.Range(0, 50).Select(k => $"m{{id=\"{i}-{k}\"}} 1\n"));
            reader.Read(Encoding.UTF8.GetBytes(body), new ReadSettings(ExpositionFormat.Text, i), []);
        }

        Assert.InRange(cache.Count, 50, 1_300);
    }

    [Property(MaxTest = 500)]
    public bool Read_AnyBytes_NeverThrowsAndCountsEveryLine(byte[] bytes)
    {
        var (samples, result) = ExpositionText.Read(bytes, ExpositionFormat.OpenMetrics, World.Start);
        return samples.Count + result.RefusedCount <= result.Lines;
    }

    [Property(MaxTest = 300)]
    public Property Read_DamagedLines_NeverThrows() => Prop.ForAll(
        Gen.Elements("a{b=\"c\\\"d\"} 1 2 # {x=\"y\"} 1", "{\"q\",\"w\"=\"e\"} NaN", "x 1e999 1e5", "a{,} 1").ArbMapDamage(),
        text => ExpositionText.Read(Encoding.UTF8.GetBytes(text), ExpositionFormat.Text, World.Start).Result.Lines <= 1);

    [Property(MaxTest = 300)]
    public bool Read_WhatASlowWriterWrote_GivesTheSameSeriesBack(NonNull<string>[] values, double number)
    {
        var labels = LabelSet.From(values
            .Select((value, i) => KeyValuePair.Create($"l{i}", new string([.. value.Get.Where(c => !char.IsSurrogate(c))])))
            .Append(KeyValuePair.Create("__name__", "m")));
        var text = $"{labels} {(double.IsPositiveInfinity(number) ? "+Inf" : double.IsNegativeInfinity(number) ? "-Inf" : number.ToString("R", CultureInfo.InvariantCulture))}\n";

        var (samples, _) = ExpositionText.Read(Encoding.UTF8.GetBytes(text), ExpositionFormat.Text, World.Start);

        return samples.Count == 1 && samples[0].Labels.Equals(labels) && samples[0].Sample.Value.Equals(number);
    }

    [Property(MaxTest = 1_000)]
    public bool Number_AnyDecimalText_IsWhatTheRuntimeReads(int mantissa, byte point, sbyte exponent)
    {
        var digits = mantissa.ToString(CultureInfo.InvariantCulture);
        var text = digits.Insert(digits.Length - (point % digits.TrimStart('-').Length), ".") + $"e{exponent}";
        return ExpositionNumber.TryParse(Encoding.UTF8.GetBytes(text), out var value)
            && value.Equals(double.Parse(text, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Read_PublishedParserInputs_AreReadWhole()
    {
        var folder = World.SharedData("textparse");
        foreach (var file in Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            var format = file.Contains(".om.", StringComparison.Ordinal) ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
            var lines = Encoding.UTF8.GetString(bytes).Split('\n').Count(line => line.Length > 0 && line[0] != '#');

            var (samples, result) = ExpositionText.Read(bytes, format, World.Start);

            Assert.Equal((file, lines, 0), (file, samples.Count, result.RefusedCount));
        }
    }

    [Fact]
    public void Read_PublishedOpenMetricsVectorsThatAreValid_AreReadWithoutRefusal()
    {
        var folder = World.SharedData("openmetrics-parsers", "parsers");
        var refused = Directory.GetDirectories(folder)
            .Where(vector => !Path.GetFileName(vector).StartsWith("bad_", StringComparison.Ordinal))
            .Select(vector => (Name: Path.GetFileName(vector), ExpositionText.Read(
                File.ReadAllBytes(Path.Combine(vector, "metrics")), ExpositionFormat.OpenMetrics, World.Start).Result))
            .Where(read => !read.Result.Ended || read.Result.RefusedCount > 0)
            .Select(read => $"{read.Name}: {string.Join("; ", read.Result.Refused)}");

        // Two points of one series at one time are a duplicate to us.
        Assert.Equal(
            ["duplicate_timestamps_1"], refused.Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal));
    }
}

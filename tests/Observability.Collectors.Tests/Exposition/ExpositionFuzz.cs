using System.Text;
using FsCheck.Xunit;

namespace Observability.Collectors.Tests;

/// <summary>Bodies that exporters could write, with bytes changed at random: nothing may throw or hang, and a bad line costs itself only.</summary>
public sealed class ExpositionFuzz
{
    private const string Marks = "{}\"\\=,# \t\r\n0123456789.eE+-NaInfäö\0";

    /// <summary>Whatever comes, both readers give a result that accounts for every line.</summary>
    [Property(MaxTest = 1500)]
    public bool MutatedBody_IsAlwaysReadAndAccountedFor(int seed)
    {
        var random = new Random(seed);
        var body = Mutate(random, Encoding.UTF8.GetBytes(Body(random)));
        var format = random.Next(2) == 0 ? ExpositionFormat.Text : ExpositionFormat.OpenMetrics;
        var (samples, result) = ExpositionText.Read(body, format, World.Start);
        var faults = OpenMetricsCheck.Faults(body);
        return samples.Count + result.RefusedCount <= result.Lines && result.Scraped <= result.Lines
            && samples.All(sample => sample.Labels.MetricName.Length > 0)
            && faults.All(fault => fault.Line >= 1 && fault.Reason.Length > 0);
    }

    /// <summary>One line is broken; every other sample is there as if it had not been.</summary>
    [Property(MaxTest = 1500)]
    public bool MutatedLine_LeavesTheOthersAlone(int seed)
    {
        var random = new Random(seed);
        var lines = Enumerable.Range(0, 9).Select(i => $"m{i}{{a=\"{Value(random)}\"}} {i}").ToArray();
        var at = random.Next(lines.Length);
        // A line feed inside would make it two lines; that is the other property's concern.
        var broken = Mutate(random, Encoding.UTF8.GetBytes(lines[at])).Where(b => b != (byte)'\n').ToArray();
        byte[] body = [.. Encoding.UTF8.GetBytes(string.Concat(lines[..at].Select(line => line + "\n"))), .. broken, .. Encoding.UTF8.GetBytes("\n" + string.Join("\n", lines[(at + 1)..]))];
        var (samples, _) = ExpositionText.Read(body, ExpositionFormat.Text, World.Start);
        var names = samples.Select(sample => sample.Labels.MetricName).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(0, lines.Length).Where(i => i != at).All(i => names.Contains($"m{i}"));
    }

    /// <summary>A body that keeps every rule of OpenMetrics is taken whole by the lax reader.</summary>
    [Property(MaxTest = 1500)]
    public bool WhatTheStrictReaderAccepts_TheLaxOneTakesWhole(int seed)
    {
        var random = new Random(seed);
        var body = Encoding.UTF8.GetBytes(Body(random) + "# EOF\n");
        if (random.Next(2) == 0)
            body = Mutate(random, body);
        if (OpenMetricsCheck.Faults(body).Count > 0)
            return true;
        var (_, result) = ExpositionText.Read(body, ExpositionFormat.OpenMetrics, World.Start);
        return result.Ended && result.Refused.All(line => line.Reason == "the series appears twice");
    }

    /// <summary>Brackets, quotes and escapes without end take linear time; a quadratic reader would not come back today.</summary>
    [Theory]
    [InlineData("{")]
    [InlineData("a{b=\"")]
    [InlineData("\\")]
    [InlineData("a{b=\"\\\"")]
    [InlineData("# ")]
    [InlineData("a,")]
    [InlineData("a=\"b\",")]
    public void EndlessRepetition_IsReadToItsEnd(string part)
    {
        var body = Encoding.UTF8.GetBytes("m{" + string.Concat(Enumerable.Repeat(part, 2_000_000 / part.Length)) + " 1\nup 1\n# EOF\n");
        var (samples, _) = ExpositionText.Read(body, ExpositionFormat.OpenMetrics, World.Start);
        Assert.Equal("up", Assert.Single(samples).Labels.MetricName);
        Assert.NotEmpty(OpenMetricsCheck.Faults(body));
    }

    private static string Body(Random random)
    {
        var text = new StringBuilder();
        for (var family = random.Next(1, 6); family > 0; family--)
        {
            var name = $"family_{family}";
            switch (random.Next(4))
            {
                case 0:
                    text.Append($"# TYPE {name} counter\n# HELP {name} {Value(random)}\n{name}_total{{a=\"{Value(random)}\"}} {random.Next(1000)} # {{t=\"{random.Next()}\"}} 1.5\n");
                    break;
                case 1:
                    text.Append($"# TYPE {name} histogram\n{name}_bucket{{le=\"1\"}} 2\n{name}_bucket{{le=\"+Inf\"}} 5\n{name}_count 5\n{name}_sum 7.5e0\n");
                    break;
                case 2:
                    text.Append($"# TYPE {name} gauge\n{name}{{a=\"{Value(random)}\",b=\"{Value(random)}\"}} {(random.Next(5) == 0 ? "NaN" : "-0.25")} 1772366400.{random.Next(1000):000}\n");
                    break;
                default:
                    text.Append($"{name} {random.NextDouble() * 1e9:R}\n");
                    break;
            }
        }

        return text.ToString();
    }

    private static string Value(Random random) => random.Next(5) switch
    {
        0 => "",
        1 => "C:\\\\x\\n\\\"y\\\"",
        2 => "} 1 # {",
        3 => "größe ☃",
        _ => $"GPU-{random.Next()}",
    };

    private static byte[] Mutate(Random random, byte[] body)
    {
        var bytes = body.ToList();
        for (var times = random.Next(1, 6); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes.RemoveAt(at);
                    break;
                case 1:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Marks.Substring(random.Next(Marks.Length), 1)));
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count)).Take(random.Next(40)).ToArray());
                    break;
            }
        }

        return [.. bytes];
    }
}

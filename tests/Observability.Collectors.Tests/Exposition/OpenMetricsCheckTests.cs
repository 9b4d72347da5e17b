using System.Text;

namespace Observability.Collectors.Tests;

public sealed class OpenMetricsCheckTests(ITestOutputHelper output)
{
    /// <summary>Whole bodies; <c>|</c> stands for a line feed.</summary>
    [Theory]
    [InlineData("# EOF")]
    [InlineData("up 1|# EOF|")]
    [InlineData("# TYPE gpu_temp_celsius gauge|# UNIT gpu_temp_celsius celsius|# HELP gpu_temp_celsius \\\"hot\\\" \\n or not|gpu_temp_celsius{gpu=\"0\"} -1.5e+1 1772366400.25|# EOF|")]
    [InlineData("# TYPE xid counter|xid_total{code=\"79\"} 3 # {trace=\"a # b\"} 1 1772366400.5|xid_created{code=\"79\"} 1772366000|# EOF|")]
    [InlineData("# TYPE step_seconds histogram|# UNIT step_seconds seconds|step_seconds_bucket{le=\"0.5\"} 1 # {job=\"ü\"} 0.4|step_seconds_bucket{le=\"+Inf\"} 4|step_seconds_count 4|step_seconds_sum 3.5|# EOF|")]
    [InlineData("# TYPE drift histogram|drift_bucket{le=\"-1\"} 1|drift_bucket{le=\"+Inf\"} 2|# EOF|")]
    [InlineData("# TYPE queue gaugehistogram|queue_bucket{le=\"1\"} 2|queue_bucket{le=\"+Inf\"} 2|queue_gcount 2|queue_gsum 1|# EOF|")]
    [InlineData("# TYPE wait summary|wait{quantile=\"0.99\"} NaN|wait_count 0|wait_sum 0|# EOF|")]
    [InlineData("# TYPE link stateset|link{link=\"up\",port=\"1\"} 1|link{link=\"down\",port=\"1\"} 0|# EOF|")]
    [InlineData("# TYPE driver info|driver_info{version=\"570.133\"} 1|# EOF|")]
    [InlineData("a{x=\"\\q\"} +Inf|b nan|c 007|# EOF")]
    [InlineData("a 1 1|a 2 2|a 2 2|# EOF|")]
    public void Body_ThatKeepsTheRules_HasNoFault(string body) => Assert.Empty(OpenMetricsCheck.Faults(Encoding.UTF8.GetBytes(body.Replace('|', '\n'))));

    [Theory]
    [InlineData("", 1, "the body does not end with # EOF")]
    [InlineData("a 1||# EOF", 2, "a blank line is not allowed")]
    [InlineData("# EOF|a 1", 2, "text follows # EOF")]
    [InlineData("#TYPE a gauge|# EOF", 1, "a comment is '# TYPE name type', '# HELP name text', '# UNIT name unit' or '# EOF', with single spaces")]
    [InlineData("# TYPE a dial|# EOF", 1, "'dial' is no metric type")]
    [InlineData("# HELP a x|# HELP a x|# EOF", 2, "HELP of a is told twice")]
    [InlineData("a 1|# HELP a x|# EOF", 2, "HELP of a comes after its samples")]
    [InlineData("# UNIT a_bytes seconds|# EOF", 1, "the name a_bytes does not end with its unit, _seconds")]
    [InlineData("# TYPE a_u info|# UNIT a_u u|# EOF", 3, "a info has no unit")]
    [InlineData("a 1|b 1|a 2|# EOF", 3, "the family a stands in two places")]
    [InlineData("# TYPE a counter|a_total 1|# TYPE a_total gauge|# EOF", 3, "a_total is the name of another family's sample")]
    [InlineData("# TYPE a counter|a 1|# EOF", 2, "a sample of the counter a ends with _total or _created")]
    [InlineData("# TYPE a counter|a_total -1|# EOF", 2, "a_total of a counter must not be negative or NaN")]
    [InlineData("1a 1|# EOF", 1, "a line begins with a metric name of letters, digits, '_' and ':', not with a digit first")]
    [InlineData("a{b=\"1\",} 1|# EOF", 1, "the labels are misspelt; write {a=\"b\",c=\"d\"} without spaces or a last comma")]
    [InlineData("a{b=\"1\",b=\"2\"} 1|# EOF", 1, "label b appears twice")]
    [InlineData("a{b=\"1\"}1|# EOF", 1, "one space stands between the series and its value")]
    [InlineData("a  1|# EOF", 1, "the value '' is not a decimal number, NaN or Inf")]
    [InlineData("a 0x1|# EOF", 1, "the value '0x1' is not a decimal number, NaN or Inf")]
    [InlineData("a 1 Inf|# EOF", 1, "the time 'Inf' is not a decimal number of seconds")]
    [InlineData("a 1 1 x|# EOF", 1, "after value and time only an exemplar may stand: ' # {a=\"b\"} 1.5 1700000000'")]
    [InlineData("a 1 # {b=\"c\"} 1|# EOF", 1, "only buckets and totals of counters have exemplars")]
    [InlineData("a 1|a 1|# EOF", 2, "the same series appears twice")]
    [InlineData("a 1 2|a 1|# EOF", 2, "some samples of the metric have a time and some have none")]
    [InlineData("a 1 2|a 1 1|# EOF", 2, "time goes backwards within a metric")]
    [InlineData("a{b=\"1\"} 1|a{b=\"2\"} 1|a{b=\"1\"} 1 5|# EOF", 3, "the samples of a metric stand together; this one continues an earlier metric")]
    [InlineData("# TYPE a histogram|a_bucket{le=\"x\"} 1|# EOF", 2, "a bucket needs the label le with a number other than NaN")]
    [InlineData("# TYPE a histogram|a_bucket{le=\"2\"} 1|a_bucket{le=\"1\"} 1|# EOF", 3, "buckets stand in the order of their bounds")]
    [InlineData("# TYPE a histogram|a_bucket{le=\"2\"} 2|a_bucket{le=\"+Inf\"} 1|# EOF", 3, "a bucket counts all smaller ones too and cannot be below the one before")]
    [InlineData("# TYPE a histogram|a_bucket{le=\"2\"} 2|# EOF", 3, "a before this line: a histogram needs a bucket with le=\"+Inf\", as its last")]
    [InlineData("# TYPE a histogram|a_bucket{le=\"+Inf\"} 2|a_sum 1|# EOF", 4, "a before this line: count and sum of a histogram come together")]
    [InlineData("# TYPE a histogram|a_bucket{le=\"+Inf\"} 2|a_sum 1|a_count 3|b 1|# EOF", 5, "a before this line: the count of 3 is not that of the last bucket, 2")]
    [InlineData("# TYPE a summary|a{quantile=\"2\"} 1|# EOF", 2, "a sample of a summary needs the label quantile with a number from 0 to 1")]
    [InlineData("# TYPE a stateset|a{b=\"x\"} 1|# EOF", 2, "a state needs the label a")]
    [InlineData("# TYPE a stateset|a{a=\"x\"} 2|# EOF", 2, "a state is 0 or 1")]
    [InlineData("# TYPE a info|a_info 2|# EOF", 2, "the value of an info metric is 1")]
    public void Body_ThatBreaksARule_IsRefusedAtTheLine(string body, int line, string reason)
    {
        var fault = OpenMetricsCheck.Faults(Encoding.UTF8.GetBytes(body.Replace('|', '\n')))[0];
        Assert.Equal((line, reason), (fault.Line, fault.Reason));
    }

    [Fact]
    public void Exemplar_LongerThan128Characters_IsRefused()
    {
        string Body(int length) => $"# TYPE a counter\na_total 1 # {{b=\"{new string('ü', length)}\"}} 1\n# EOF\n";
        Assert.Empty(OpenMetricsCheck.Faults(Encoding.UTF8.GetBytes(Body(127))));
        Assert.Equal("the labels of an exemplar have at most 128 characters together", OpenMetricsCheck.Faults(Encoding.UTF8.GetBytes(Body(128)))[0].Reason);
    }

    [Fact]
    public void Body_ThatIsNotUtf8_IsRefusedAtTheLine() =>
        Assert.Equal([new RefusedLine(2, "the body is not valid UTF-8", "")], OpenMetricsCheck.Faults([.. "a 1\nb{c=\""u8, 0xC3, 0x28, .. "\"} 1\n# EOF"u8]));

    [Fact]
    public void PublishedVectors_AreToldApart()
    {
        var folder = World.SharedData("openmetrics-parsers", "parsers");
        var wrong = new List<string>();
        var (accepted, refused) = (0, 0);
        foreach (var vector in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            var mustParse = File.ReadAllText(Path.Combine(vector, "test.json")).Contains("\"shouldParse\": true", StringComparison.Ordinal);
            var faults = OpenMetricsCheck.Faults(File.ReadAllBytes(Path.Combine(vector, "metrics")));
            if (mustParse != (faults.Count == 0))
                wrong.Add($"{Path.GetFileName(vector)}: {(mustParse ? string.Join("; ", faults) : "accepted")}");
            else if (mustParse)
                accepted++;
            else
                refused++;
        }

        output.WriteLine($"{accepted} valid bodies accepted, {refused} invalid ones refused, {wrong.Count} wrong");
        Assert.Empty(wrong);
        Assert.True(accepted + refused > 100, $"only {accepted + refused} vectors lie in {folder}");
    }
}

namespace Observability.Model.Tests;

public sealed class RuleRecordTests
{
    // Values of Wilson's interval for z = 1.96, worked out by hand from the formula.
    [Theory]
    [InlineData(20, 0, 0.8389, 1)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(10, 10, 0.2993, 0.7007)]
    [InlineData(19, 1, 0.7639, 0.9911)]
    [InlineData(1, 0, 0.2065, 1)]
    [InlineData(0, 0, 0, 1)]
    public void Interval_IsWilsons(int right, int wrong, double lower, double upper)
    {
        var record = new RuleRecord(right, wrong, 7);

        Assert.Equal((lower, upper), (Math.Round(record.Lower, 4), Math.Round(record.Upper, 4)));
    }

    [Fact]
    public void Undecided_CountForNeitherSide() => Assert.Equal((0.75, 4), (new RuleRecord(3, 1, 96).Precision, new RuleRecord(3, 1, 96).Judged));

    [Theory]
    [InlineData("rule/GpuHot", true)]
    [InlineData("detector/a/b", true)]
    [InlineData("GpuHot", false)]
    [InlineData("rule/", false)]
    [InlineData("0/GpuHot", false)]
    [InlineData("toaster/GpuHot", false)]
    public void RuleId_ReadsWhatItWrites(string text, bool isRule)
    {
        Assert.Equal(isRule, RuleId.TryParse(text, out var id));
        Assert.Equal(isRule ? text : "", isRule ? id.ToString() : "");
    }
}

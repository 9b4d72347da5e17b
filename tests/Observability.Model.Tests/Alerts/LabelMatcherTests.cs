namespace Observability.Model.Tests;

public sealed class LabelMatcherTests
{
    private static readonly LabelSet Labels = LabelSet.Of(("node", "node-001"));

    [Theory]
    [InlineData("node", "node-001", false, true, true)]
    [InlineData("node", "node-00", true, true, false)]
    [InlineData("node", "node-0.*", true, true, true)]
    [InlineData("node", "node-001", false, false, false)]
    [InlineData("node", "rack-.*", true, false, true)]
    [InlineData("absent", "", false, true, true)]
    public void Matches_EachOperator_AsAlertmanagerDoes(string name, string value, bool regex, bool equal, bool expected) =>
        Assert.Equal(expected, new LabelMatcher(name, value, regex, equal).Matches(Labels));

    [Fact]
    public void Covers_OutsideItsTime_IsFalse()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var silence = new Silence
        {
            Id = "s",
            Matchers = [new LabelMatcher("node", "node-001")],
            StartsAt = start,
            EndsAt = start.AddHours(1),
            CreatedBy = "a",
            Comment = "c",
        };

        Assert.False(silence.Covers(Labels, start.AddSeconds(-1)));
        Assert.True(silence.Covers(Labels, start));
        Assert.False(silence.Covers(Labels, start.AddHours(1)));
        Assert.False(silence.Covers(LabelSet.Of(("node", "node-002")), start));
    }
}

namespace Observability.Model.Tests;

/// <summary>What RE2 and .NET read differently, as https://github.com/google/re2/wiki/Syntax has it.</summary>
public sealed class Re2PatternTests
{
    [Theory]
    [InlineData(@"\d+", "12", "१२")]
    [InlineData(@"\D", "१", "1")]
    [InlineData(@"\w+", "a_1", "ä")]
    [InlineData(@"\W", "ä", "_")]
    [InlineData(@"a\sb", "a\tb", "a\u00A0b")]
    [InlineData(@"\S", "\u00A0", " ")]
    [InlineData(@"[\d.]+", "1.2", "a")]
    [InlineData(@"[^\d]+", "ab", "1")]
    [InlineData(@"[\W]", "-", "a")]
    [InlineData(@"[[:alpha:]]+[[:digit:]]", "ab1", "ä1")]
    [InlineData("[^[:space:]]+", "a-b", "a b")]
    [InlineData("[a-z-[b]+", "b[", "B")]
    [InlineData("[]a]+", "]a", "b")]
    [InlineData("[^]a]", "b", "]")]
    [InlineData(@"\Qa.b\E+", "a.bbb", "axb")]
    [InlineData(@"\pL+", "äß", "1")]
    [InlineData(@"\x{1F600}", "😀", "1")]
    [InlineData("(?P<x>a|b)c", "bc", "c")]
    [InlineData(@"a\.b\\", @"a.b\", "axb\\")]
    [InlineData("a.b", "a\nb", "ab")]
    [InlineData("(?i)node", "NoDe", "nodes")]
    public void Pattern_OfRe2_MatchesAsThere(string pattern, string matches, string doesNot)
    {
        var matcher = new LabelMatcher("x", pattern, IsRegex: true);
        Assert.True(matcher.Matches(LabelSet.Of(("x", matches))));
        Assert.False(matcher.Matches(LabelSet.Of(("x", doesNot))));
        Assert.Equal(pattern, matcher.Value);
    }
}

using System.Text.RegularExpressions;
using FsCheck.Xunit;
using Observability.Model;
using static Observability.Metrics.Tests.Samples;

namespace Observability.Metrics.Tests;

/// <summary>Patterns that are rewritten select what an automaton over every value selects.</summary>
public sealed class MatcherProperties
{
    private static readonly string[] s_pieces =
    [
        "a", "b", "ab", "node", "-", "0", "1", "\\.", "\\|", "\\-", "\\$", ".*", ".+", ".", "|", "|", "(a|b)", "(?:0|1|)", "(ab|a)", "a?", "b*", "[ab]", "(?i)", "(?i:A)", "^", "$", "\\d", "(a.*|b)", "(b)+", "a{2}", "\n",
    ];

    private static readonly string[] s_letters = ["a", "b", "ab", "A", "node", "-", "0", "1", ".", "|", "$", "\n", "é"];

    [Property(MaxTest = 5000)]
    public bool Matcher_OfAnyPattern_AgreesWithTheAutomaton(int seed)
    {
        var random = new Random(seed);
        var pattern = Join(random, s_pieces, 6);
        if (!IsPattern(pattern))
            return true;
        var automaton = new Regex($"\\A(?:{pattern})\\z", RegexOptions.Singleline | RegexOptions.CultureInvariant);
        var matcher = new CompiledMatcher(new LabelMatcher("x", pattern, IsRegex: true));
        var inverse = new CompiledMatcher(new LabelMatcher("x", pattern, IsRegex: true, IsEqual: false));
        for (var i = 0; i < 60; i++)
        {
            var value = Join(random, s_letters, 6);
            var expected = automaton.IsMatch(value);
            if (matcher.Matches(value) != expected || inverse.Matches(value) == expected)
                return false;
            if (expected && matcher.Literals?.Contains(value) == false)
                return false;
            if (expected && matcher.Prefixes is { } prefixes && !prefixes.Any(prefix => value.StartsWith(prefix, StringComparison.Ordinal)))
                return false;
        }

        return true;
    }

    [Property(MaxTest = 300)]
    public async Task<bool> Select_WithRandomMatchers_FindsWhatAScanFinds(int seed)
    {
        var random = new Random(seed);
        await using var store = new SeriesStore(new MetricsOptions());
        var all = Enumerable.Range(0, 60).Select(_ => Labels(Join(random, ["a", "b"], 2) + "m", ("x", Join(random, s_letters, 3)), ("y", Join(random, s_letters, 2)))).Distinct().ToList();
        store.Append(Batch(Start, [.. all.Select(labels => (labels, 1.0))]));
        for (var i = 0; i < 20; i++)
        {
            var matchers = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Matcher(random)).ToList();
            if (!store.Select(matchers).ConvertAll(series => series.Labels).SequenceEqual(all.Where(labels => matchers.TrueForAll(matcher => matcher.Matches(labels)))))
                return false;
        }

        return true;
    }

    [Theory]
    [InlineData("a|b|", "a;b;", null)]
    [InlineData("rack-(1|2)\\.x", "rack-1.x;rack-2.x", null)]
    [InlineData("^(?:up|down)$", "up;down", null)]
    [InlineData("node.*", null, "node")]
    [InlineData("(a|b)-.+", null, "a-;b-")]
    [InlineData("node-[0-9]+", null, "node-")]
    [InlineData("nodes?-1", null, "node")]
    [InlineData("(?i)node", null, null)]
    [InlineData(".*gpu", null, null)]
    [InlineData("ab|c[0-9]", null, null)]
    public void Pattern_IsRewrittenAsFarAsItAllows(string pattern, string? literals, string? prefixes)
    {
        var matcher = new CompiledMatcher(new LabelMatcher("x", pattern, IsRegex: true));
        Assert.Equal(literals, matcher.Literals is { } listed ? string.Join(';', listed) : null);
        Assert.Equal(prefixes, matcher.Prefixes is { } known ? string.Join(';', known) : null);
    }

    /// <summary>The values of a label are sorted once and again after one came or went.</summary>
    [Fact]
    public async Task PrefixSelection_SeesValuesThatCameLater()
    {
        await using var store = new SeriesStore(new MetricsOptions());
        LabelMatcher[] nodes = [new LabelMatcher("node", "n-.*", IsRegex: true)];
        store.Append(Batch(Start, (Labels("up", ("node", "n-2")), 1), (Labels("up", ("node", "m-1")), 1)));
        Assert.Single(store.Select(nodes));
        store.Append(Batch(Start, (Labels("up", ("node", "n-1")), 1), (Labels("down", ("node", "n-2")), 1)));
        Assert.Equal(["n-2", "n-1", "n-2"], store.Select(nodes).ConvertAll(series => series.Labels["node"]));
    }

    private static LabelMatcher Matcher(Random random)
    {
        var name = new[] { "x", "y", "__name__", "absent" }[random.Next(4)];
        var isRegex = random.Next(3) > 0;
        var value = Join(random, isRegex ? s_pieces : s_letters, 3);
        return new LabelMatcher(name, isRegex && !IsPattern(value) ? "a.*" : value, isRegex, random.Next(3) > 0);
    }

    private static bool IsPattern(string text)
    {
        try
        {
            _ = new Regex($"\\A(?:{text})\\z", RegexOptions.NonBacktracking);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Join(Random random, string[] pieces, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(most + 1)).Select(_ => pieces[random.Next(pieces.Length)]));
}

using FsCheck.Xunit;

namespace Observability.Metrics.Tests;

/// <summary>Queries of the own scripts, changed at random: the parser says what is wrong or gives what prints and parses alike.</summary>
public sealed class ParserFuzz
{
    private static readonly string[] s_parts =
    [
        "(", ")", "[", "]", "{", "}", ":", ",", "\"", "'", "`", "\\", "#", "\n", " ", "@", "offset", "by", "without", "on", "ignoring", "group_left", "bool", "-", "+", "^", "==", "=~",
        "1e", "0x", "5m", "1h30", "1_0", "NaN", "Inf", ".", "sum", "rate", "start()", "ö", "\u0000", "topk(", "__name__", "=\"", "999999999999999999999", "[1m:", "offset -",
    ];

    private static readonly string[] s_queries = [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Scripts"), "*.test").Order(StringComparer.Ordinal)
        .SelectMany(File.ReadLines).Where(line => line.StartsWith("eval", StringComparison.Ordinal)).Select(QueryOf)];

    /// <summary>Nothing but a <see cref="ParseOutcome"/> comes out, and what parses is a fixed point of the printer.</summary>
    [Property(MaxTest = 4000)]
    public bool MutatedQuery_IsRefusedWithAPlaceOrPrintsAlike(int seed)
    {
        var query = Mutate(new Random(seed));
        var outcome = PromQlParser.Parse(query, experimental: true);
        if (!outcome.Succeeded)
            return outcome.Error.Contains(": parse error: ", StringComparison.Ordinal) && char.IsAsciiDigit(outcome.Error[0]);
        var printed = outcome.Expression.ToString();
        var again = PromQlParser.Parse(printed, experimental: true);
        return again.Succeeded && again.Expression.ToString() == printed;
    }

    [Fact]
    public void Corpus_IsOfQueriesThatMostlyParse()
    {
        var parsed = s_queries.Count(query => PromQlParser.Parse(query, experimental: true).Succeeded);
        Assert.True(parsed > 150 && parsed > s_queries.Length * 0.9, $"{parsed} of {s_queries.Length} queries parse");
    }

    /// <summary>Nesting without end is refused, not followed until the stack is gone.</summary>
    [Theory]
    [InlineData("(", "x", ")")]
    [InlineData("-", "x", "")]
    [InlineData("sum(", "x", ")")]
    [InlineData("rate(", "x", "[5m:])")]
    [InlineData("1 + ", "1", "")]
    [InlineData("2 ^ ", "2", "")]
    [InlineData("a and ", "b", "")]
    [InlineData("", "x", "[5m:1m]")]
    [InlineData("x[", "5m", "]")]
    [InlineData("x offset (", "5m", ")")]
    [InlineData("x[-", "-5m", "]")]
    [InlineData("{", "a=\"b\"", "}")]
    public void EndlessNesting_IsAnswered(string before, string inner, string after)
    {
        var query = string.Concat(Enumerable.Repeat(before, 20_000)) + inner + string.Concat(Enumerable.Repeat(after, 20_000));
        var outcome = PromQlParser.Parse(query[..Math.Min(query.Length, PromQlParser.MaxQueryLength)], experimental: true);
        Assert.True(outcome.Succeeded || outcome.Error.Contains("parse error", StringComparison.Ordinal));
    }

    // eval instant at 5m QUERY · eval range from 0 to 5m step 1m QUERY
    private static string QueryOf(string line)
    {
        var words = line.Split(' ');
        return string.Join(' ', words.Skip(words[1] == "range" ? 8 : 4));
    }

    private static string Mutate(Random random)
    {
        var query = s_queries[random.Next(s_queries.Length)];
        for (var times = random.Next(1, 6); times > 0; times--)
        {
            var at = random.Next(query.Length + 1);
            var length = Math.Min(random.Next(6), query.Length - at);
            var other = s_queries[random.Next(s_queries.Length)];
            query = random.Next(5) switch
            {
                0 => query.Remove(at, length),
                1 => query.Insert(at, query.Substring(at, length)),
                2 => query[..at] + other[random.Next(other.Length)..],
                3 => query.Insert(at, " " + s_parts[random.Next(s_parts.Length)] + " "),
                _ => query.Insert(at, s_parts[random.Next(s_parts.Length)]),
            };
        }

        return query;
    }
}

namespace Observability.EndToEnd.Tests;

/// <summary>
/// Writes queries over what is there, each a function of its random numbers alone. All aggregators, range functions, operators, kinds
/// of matching, modifiers and subqueries come up; where the order of a result is open (<c>topk</c> with equal values) only what does
/// not depend on it is asked.
/// </summary>
internal sealed partial class QueryGrammar(MetricCatalogue metrics, Random random, DateTimeOffset start, DateTimeOffset end)
{
    private const int Depth = 3;

    /// <summary>The next query.</summary>
    public string Query() => Vector(Depth).Text;

    private Term Vector(int depth) => depth == 0 ? Leaf() : random.Next(20) switch
    {
        0 or 1 => Leaf(),
        2 or 3 or 4 => OverTime(depth - 1),
        5 or 6 => InstantCall(depth - 1),
        7 or 8 or 9 or 10 => Aggregated(depth - 1),
        11 or 12 => Arithmetic(depth - 1),
        13 => Comparison(),
        14 => SetOperation(depth - 1),
        15 or 16 => Joined(depth - 1),
        17 => Relabelled(depth - 1),
        18 => HistogramQuantile(),
        _ => Odd(),
    };

    private Term Leaf() => random.Next(3) == 0 ? OverTime(0) : Selector(metrics.Draw(random));

    private Term InstantCall(int depth)
    {
        var inner = Vector(depth);
        // Near 1 a logarithm magnifies the last bit without limit, and so does a sine near a multiple of pi.
        var name = Pick(inner.IsExact
            ? ["abs", "ceil", "floor", "round", "sgn", "sqrt", "ln", "log2", "log10", "timestamp", "deg", "rad", "sin", "cos", "atan", "tanh", "asinh", "-"]
            : (string[])["abs", "sqrt", "deg", "rad", "clamp", "clamp_min", "clamp_max", "-"]);
        var isExact = inner.IsExact && name is "abs" or "ceil" or "floor" or "round" or "sgn" or "timestamp" or "clamp" or "clamp_min" or "clamp_max" or "-";
        var text = name switch
        {
            "-" => $"(-{inner.Text})",
            "round" when Maybe() => $"round({inner.Text}, {Pick(["0.5", "5", "100"])})",
            "clamp" => $"clamp({inner.Text}, {Pick(["-1", "0", "2"])}, {Pick(["10", "5e3", "1e12"])})",
            "clamp_min" or "clamp_max" => $"{name}({inner.Text}, {Pick(["0.5", "30", "1e6"])})",
            _ => $"{name}({inner.Text})",
        };
        return new Term(text, isExact, inner.Labels);
    }

    private Term Aggregated(int depth)
    {
        var inner = Vector(depth);
        var choice = random.Next(10);
        if (choice == 0)
            return Topped(inner);
        if (choice == 1 && inner.IsExact)
            return CountedValues(inner);
        var name = Pick(inner.IsExact
            ? ["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "quantile"]
            : (string[])["sum", "avg", "min", "max", "count", "group", "quantile"]);
        var (clause, labels) = Grouping(inner.Labels);
        var parameter = name == "quantile" ? Quantile() + ", " : "";
        var text = Maybe() || clause.Length == 0 ? $"{name}{clause} ({parameter}{inner.Text})" : $"{name}({parameter}{inner.Text}){clause}";
        return new Term(text, name is "count" or "group" || (inner.IsExact && name is "min" or "max"), labels);
    }

    // Which of several equal series a topk takes is open; how many it takes and their values are not.
    private Term Topped(Term inner)
    {
        var (clause, labels) = Grouping(inner.Labels);
        var outer = Pick(["sum", "min", "max", "count"]);
        return new Term($"{outer}{clause} ({Pick(["topk", "bottomk"])}{clause} ({random.Next(1, 6)}, {inner.Text}))", outer == "count", labels);
    }

    private Term CountedValues(Term inner)
    {
        var (clause, labels) = Grouping(inner.Labels);
        return new Term($"count_values{clause} (\"value\", {inner.Text})", true, [.. labels, "value"]);
    }

    private (string Clause, IReadOnlyList<string> Labels) Grouping(IReadOnlyList<string> labels)
    {
        var some = Some(labels);
        return random.Next(4) switch
        {
            0 => ("", []),
            1 => ($" without ({string.Join(", ", some)})", [.. labels.Except(some)]),
            2 => ($" by ({string.Join(", ", [.. some, "no_such_label"])})", some),
            _ => ($" by ({string.Join(", ", some)})", some),
        };
    }

    private Term Relabelled(int depth)
    {
        var inner = Vector(depth);
        if (inner.Labels.Count == 0)
            return inner;
        var source = Pick(inner.Labels);
        var text = random.Next(3) switch
        {
            0 => $"label_replace({inner.Text}, \"place\", \"at-$1\", \"{source}\", \"(.).*\")",
            1 => $"label_replace({inner.Text}, \"place\", \"${{tail}}\", \"{source}\", \"[a-z]+(?P<tail>-?[0-9]+).*\")",
            _ => $"label_join({inner.Text}, \"place\", \"/\", \"{source}\", \"{Pick(inner.Labels)}\")",
        };
        return new Term(text, inner.IsExact, [.. inner.Labels, "place"]);
    }

    // The fleet exposes no histograms, but how many of its series lie below a bound is one.
    private Term HistogramQuantile()
    {
        var metric = metrics.Draw(random);
        var selector = Selector(metric).Text;
        var by = Pick(metrics[metric].Identity);
        var bounds = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Value(metric)).Distinct(StringComparer.Ordinal).ToList();
        var buckets = bounds.Select(bound => $"label_replace(count by ({by}) ({selector} <= {bound}), \"le\", \"{bound}\", \"{by}\", \".*\")")
            .Append($"label_replace(count by ({by}) ({selector}), \"le\", \"+Inf\", \"{by}\", \".*\")");
        return new Term($"histogram_quantile({Quantile()}, {string.Join(" or ", buckets)})", false, [by]);
    }

    private Term Odd()
    {
        var metric = metrics.Draw(random);
        return random.Next(8) switch
        {
            0 => new Term($"absent({metric}{{node=\"no-such-node\"}})", true, ["node"]),
            1 => new Term($"absent_over_time({Windowed(Selector(metric), "1m")})", true, []),
            2 => new Term($"count by (__name__) ({{__name__=~\"{metric[..(metric.Length / 2)]}.+\"}})", true, ["__name__"]),
            3 => new Term($"vector({Scalar()})", true, []),
            4 => new Term($"{Pick(["minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year"])}({(Maybe() ? "" : $"timestamp({Selector(metric).Text})")})", true, []),
            5 => new Term($"sort{Pick(["", "_desc"])}({Selector(metric).Text})", true, metrics[metric].Names),
            6 => new Term($"vector(scalar(max({Selector(metric).Text})))", true, []),
            _ => new Term($"vector(time() - {Scalar()})", true, []),
        };
    }

    // Without parentheses: who binds first is part of the question.
    private string Scalar()
    {
        var text = Pick(["2", "0.5", "7", "1e3", "0x10", "-3", "pi()", "time()"]);
        for (var more = random.Next(3); more > 0; more--)
            text += $" {Pick(["+", "-", "*", "/", "%", "^"])} {Pick(["2", "3", "0.25", "-1", "11"])}";
        return text;
    }

    private string Quantile() => Pick(["0", "0.25", "0.5", "0.9", "0.99", "1", "-1", "1.5"]);

    private bool Maybe() => random.Next(2) == 0;

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private string[] Some(IReadOnlyList<string> labels) =>
        [.. labels.OrderBy(_ => random.Next()).Take(random.Next(1, 4)).Order(StringComparer.Ordinal)];

    private string Value(string metric) => Pick(metrics.Values(metric));
}

namespace Observability.EndToEnd.Tests;

/// <summary>Binary operators and the ways in which two sides find each other.</summary>
internal sealed partial class QueryGrammar
{
    private Term Arithmetic(int depth)
    {
        var left = Vector(depth);
        if (Maybe())
        {
            var operation = Pick(left.IsExact ? ["+", "-", "*", "/", "%", "^", "atan2"] : (string[])["*", "/"]);
            var isExact = left.IsExact && operation is not ("^" or "atan2");
            var number = Pick(["2", "3", "0.5", "1000", "-7"]);
            return new Term(Maybe() ? $"({left.Text} {operation} {number})" : $"({number} {operation} {left.Text})", isExact, left.Labels);
        }

        // The same series on both sides: they find each other on all labels.
        var metric = metrics.Draw(random);
        var (one, other) = (Selector(metric, narrow: false), Maybe() ? Selector(metric) : OverTimeOf(metric));
        var both = Pick(other.IsExact ? ["+", "-", "*", "/", "%", "^", "atan2"] : (string[])["*", "/"]);
        return new Term($"({one.Text} {both} {other.Text})", other.IsExact && both is not ("^" or "atan2"), metrics[metric].Names);
    }

    private Term OverTimeOf(string metric)
    {
        var name = Pick(["last_over_time", "min_over_time", "max_over_time", "avg_over_time", "increase"]);
        return new Term($"{name}({metric}[{Pick(Windows)}]{Shift()})", name is "last_over_time" or "min_over_time" or "max_over_time", metrics[metric].Names);
    }

    private Term Comparison()
    {
        var metric = metrics.Draw(random);
        var left = Selector(metric);
        var operation = Pick(["==", "!=", ">", "<", ">=", "<="]) + Pick(["", " bool"]);
        var right = random.Next(4) switch
        {
            0 => Selector(metric).Text,
            1 => $"scalar(max({Selector(metric).Text}))",
            2 => $"last_over_time({metric}[{Pick(Windows)}])",
            _ => Value(metric),
        };
        return new Term(Maybe() ? $"({left.Text} {operation} {right})" : $"({right} {operation} {left.Text})", true, metrics[metric].Names);
    }

    private Term SetOperation(int depth)
    {
        var (left, right) = (Vector(depth), Vector(depth));
        var shared = left.Labels.Intersect(right.Labels, StringComparer.Ordinal).ToArray();
        var matching = random.Next(3) switch
        {
            0 when shared.Length > 0 => $" on ({string.Join(", ", Some(shared))})",
            1 when left.Labels.Count > 0 => $" ignoring ({string.Join(", ", Some(left.Labels))})",
            _ => "",
        };
        return new Term($"({left.Text} {Pick(["and", "or", "unless"])}{matching} {right.Text})", left.IsExact && right.IsExact, [.. left.Labels.Union(right.Labels)]);
    }

    /// <summary>Two metrics that are told apart by labels.</summary>
    private Term Joined(int depth) => random.Next(4) switch
    {
        0 => OfTheSameThings(),
        1 => WithItsPlace(),
        2 => ShareOfTheWhole(),
        _ => BetweenGroups(depth),
    };

    private Term OfTheSameThings()
    {
        var source = Pick([MetricSource.Gpu, MetricSource.Nic]);
        var (left, right) = (metrics.Draw(random, source), metrics.Draw(random, source));
        var on = metrics[left].Identity;
        var operation = Pick(["+", "-", "*", "/", ">", "<= bool", "!=", "and", "unless"]);
        return new Term($"({Selector(left).Text} {operation} on ({string.Join(", ", on)}) {Selector(right).Text})", true, on);
    }

    // Many of a node's series to the one that names its machine.
    private Term WithItsPlace()
    {
        var many = Selector(metrics.Draw(random, Pick([MetricSource.Gpu, MetricSource.Nic]))).Text;
        var nodes = "node_uname_info";
        return random.Next(3) switch
        {
            0 => new Term($"({many} * on (node) group_left (release, nodename) {nodes})", true, ["node", "release", "nodename"]),
            1 => new Term($"({nodes} * on (node) group_right (machine) {many})", true, ["node", "machine"]),
            _ => new Term($"({Selector(metrics.Draw(random, MetricSource.Nic)).Text} * on (node, device) group_left (firmware_version) node_infiniband_info)", true, ["node", "device", "firmware_version"]),
        };
    }

    private Term ShareOfTheWhole()
    {
        var metric = metrics.Draw(random);
        var label = Pick(metrics[metric].Identity);
        return Maybe()
            ? new Term($"({metric} / on ({label}) group_left () sum by ({label}) ({metric}))", false, metrics[metric].Names)
            : new Term($"(max by ({label}) ({metric}) - on ({label}) group_right () {metric})", true, metrics[metric].Names);
    }

    private Term BetweenGroups(int depth)
    {
        var (left, right) = (Vector(depth), Vector(depth));
        var shared = left.Labels.Intersect(right.Labels, StringComparer.Ordinal).ToArray();
        if (shared.Length == 0)
            return new Term($"(sum({left.Text}) / sum({right.Text}))", false, []);
        var by = string.Join(", ", Some(shared));
        var matching = random.Next(3) switch { 0 => "", 1 => $" on ({by})", _ => " ignoring (no_such_label)" };
        return new Term($"(sum by ({by}) ({left.Text}) /{matching} max by ({by}) ({right.Text}))", false, by.Split(", "));
    }
}

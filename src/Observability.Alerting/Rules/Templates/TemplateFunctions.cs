using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>The functions of Prometheus rule templates, and those that every Go template has.</summary>
internal static partial class TemplateFunctions
{
    private static readonly FrozenSet<string> s_names = FrozenSet.ToFrozenSet(
        [
            "query", "first", "label", "value", "sortByLabel", "strvalue", "args",
            "printf", "print", "println", "humanize", "humanize1024", "humanizeDuration", "humanizePercentage",
            "humanizeTimestamp", "title", "toUpper", "toLower", "stripPort", "stripDomain", "match", "reReplaceAll",
            "parseDuration", "urlQueryEscape", "graphLink", "tableLink", "externalURL", "pathPrefix", "safeHtml",
            "now", "toTime", "toDuration", "tmpl", "html", "urlquery", "slice",
            "eq", "ne", "lt", "le", "gt", "ge", "and", "or", "not", "len", "index",
        ],
        StringComparer.Ordinal);

    public static bool IsKnown(string name) => s_names.Contains(name);

    public static async ValueTask<object?> CallAsync(
        string name, object?[] arguments, TemplateScope scope, int line, CancellationToken cancellationToken)
    {
        var call = new Call(name, arguments, line);
        if (name == "query")
            return await QueryAsync(call, scope, cancellationToken);
        return name switch
        {
            "printf" => GoFormat.Printf(call.Text(0), arguments.AsSpan(1)),
            "print" => GoFormat.Join(arguments),
            "println" => string.Join(' ', arguments.Select(GoFormat.Print)) + "\n",
            "humanize" => Humanize.Number(call.Number(0)),
            "humanize1024" => Humanize.Binary(call.Number(0)),
            "humanizeDuration" => Humanize.Duration(call.Number(0)),
            "humanizePercentage" => Humanize.Percentage(call.Number(0)),
            "humanizeTimestamp" => Humanize.Timestamp(call.Number(0)),
            "now" => scope.At.ToUnixTimeMilliseconds() / 1000.0,
            "toTime" => new TemplateTime(call.Number(0)),
            "toDuration" => new TemplateDuration(call.Number(0)),
            "match" => Pattern(call).IsMatch(call.Text(1)),
            "parseDuration" => Seconds(call),
            "externalURL" => scope.ExternalUrl,
            "pathPrefix" => Uri.TryCreate(scope.ExternalUrl, UriKind.Absolute, out var url) ? url.AbsolutePath.TrimEnd('/') : "",
            "first" or "label" or "value" or "sortByLabel" or "strvalue" or "index" or "len" or "args" or "slice" => Collection(call),
            "eq" or "ne" or "lt" or "le" or "gt" or "ge" or "not" => Logic(call),
            _ => Text(call),
        };
    }

    private static async ValueTask<object?> QueryAsync(Call call, TemplateScope scope, CancellationToken cancellationToken)
    {
        var expression = call.Text(0);
        if (scope.Engine is null)
            throw call.Error("no query engine is available here");
        var result = await scope.Engine.QueryAsync(expression, scope.At, cancellationToken);
        if (result.Error is { } error)
            throw call.Error($"query {expression}: {error.Message}");
        return result.Kind switch
        {
            QueryResultKind.Vector => (IReadOnlyList<object?>)[.. result.Vector.Select(item => new TemplateSample(item.Labels, item.Sample.Value))],
            QueryResultKind.Scalar => [new TemplateSample(LabelSet.Empty, result.Scalar.Value)],
            _ => throw call.Error($"query {expression}: result is neither a vector nor a scalar"),
        };
    }

    private static object? Collection(Call call) => call.Name switch
    {
        "first" => call.List(0) is [var head, ..] ? head : throw call.Error("first() called on vector with no elements"),
        "label" => call.Sample(1).Labels[call.Text(0)],
        "value" => call.Sample(0).Value,
        "strvalue" => call.Sample(0).Labels["__value__"],
        "sortByLabel" => (IReadOnlyList<object?>)[.. call.List(1).OrderBy(item => ((TemplateSample)item!).Labels[call.Text(0)], StringComparer.Ordinal)],
        "args" => new SortedDictionary<string, object?>(
            call.Arguments.Select((item, i) => KeyValuePair.Create("arg" + i.ToString(CultureInfo.InvariantCulture), item)).ToDictionary(), StringComparer.Ordinal),
        "slice" => Slice(call),
        "len" => call.Arguments[0] switch
        {
            string text => (long)Encoding.UTF8.GetByteCount(text),
            IReadOnlyDictionary<string, object?> map => (long)map.Count,
            LabelSet labels => (long)labels.Count,
            _ => (long)call.List(0).Count,
        },
        _ => Index(call),
    };

    private static object? Index(Call call)
    {
        if (call.Argument(0) is LabelSet labels)
            return labels[call.Text(1)];
        if (call.Argument(0) is IReadOnlyDictionary<string, object?> map)
            return map.GetValueOrDefault(call.Text(1));
        var list = call.List(0);
        var at = call.Number(1);
        return at >= 0 && at < list.Count ? list[(int)at] : throw call.Error($"index {at} is out of range, the list has {list.Count} elements");
    }

    private static bool Logic(Call call)
    {
        if (call.Name == "not")
            return !TemplateRunner.IsTrue(call.Argument(0));
        if (call.Name == "eq")
            return call.Arguments.Skip(1).Any(item => IsEqual(call, call.Argument(0), item));
        var (left, right) = (call.Argument(0), call.Argument(1));
        // As Go: the others are said by these two, which for NaN gives answers of their own.
        return call.Name switch
        {
            "ne" => !IsEqual(call, left, right),
            "lt" => IsLess(call, left, right),
            "le" => IsLess(call, left, right) || IsEqual(call, left, right),
            "gt" => !IsLess(call, left, right) && !IsEqual(call, left, right),
            _ => !IsLess(call, left, right),
        };
    }

    private static bool IsEqual(Call call, object? left, object? right) =>
        left is double a && right is double b ? a == b : Compare(call, left, right) == 0;

    private static bool IsLess(Call call, object? left, object? right) =>
        left is double a && right is double b ? a < b : Compare(call, left, right) < 0;

    private static int Compare(Call call, object? left, object? right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (long a, long b) => a.CompareTo(b),
        (bool a, bool b) => a.CompareTo(b),
        // Go refuses 5 > $value: the number must be written 5.0.
        _ => throw call.Error($"incompatible types for comparison: {GoFormat.Print(left)} and {GoFormat.Print(right)}; write whole numbers as 5.0 beside a float"),
    };

    private sealed record Call(string Name, object?[] Arguments, int Line)
    {
        public object? Argument(int at) => at >= 0 && at < Arguments.Length
            ? Arguments[at]
            : throw Error($"wrong number of args: want at least {at + 1} got {Arguments.Length}");

        public string Text(int at) => Argument(at) is string text
            ? text
            : throw Error($"argument {at + 1} must be a text, got {GoFormat.Print(Argument(at))}");

        public double Number(int at) => Argument(at) switch
        {
            double number => number,
            long number => number,
            TemplateDuration duration => duration.Seconds,
            string text when double.TryParse(text, CultureInfo.InvariantCulture, out var number) => number,
            var other => throw Error($"can't convert {GoFormat.Print(other)} to float"),
        };

        public IReadOnlyList<object?> List(int at) => Argument(at) as IReadOnlyList<object?>
            ?? throw Error($"argument {at + 1} must be a query result, got {GoFormat.Print(Argument(at))}");

        public TemplateSample Sample(int at) => Argument(at) as TemplateSample
            ?? throw Error($"argument {at + 1} must be one sample, got {GoFormat.Print(Argument(at))}");

        public TemplateException Error(string message) => new($"line {Line}: error calling {Name}: {message}");
    }
}

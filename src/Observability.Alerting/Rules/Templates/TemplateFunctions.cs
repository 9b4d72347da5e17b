using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>The functions of Prometheus rule templates that rule files use.</summary>
internal static class TemplateFunctions
{
    private static readonly FrozenSet<string> s_names = FrozenSet.ToFrozenSet(
        [
            "query", "first", "label", "value", "sortByLabel", "strvalue", "args",
            "printf", "print", "println", "humanize", "humanize1024", "humanizeDuration", "humanizePercentage",
            "humanizeTimestamp", "title", "toUpper", "toLower", "stripPort", "stripDomain", "match", "reReplaceAll",
            "parseDuration", "urlQueryEscape", "graphLink", "tableLink", "externalURL", "pathPrefix", "safeHtml",
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
            "print" => string.Concat(arguments.Select(GoFormat.Print)),
            "println" => string.Join(' ', arguments.Select(GoFormat.Print)) + "\n",
            "humanize" => Humanize.Number(call.Number(0)),
            "humanize1024" => Humanize.Binary(call.Number(0)),
            "humanizeDuration" => Humanize.Duration(call.Number(0)),
            "humanizePercentage" => Humanize.Percentage(call.Number(0)),
            "humanizeTimestamp" => Humanize.Timestamp(call.Number(0)),
            "externalURL" => scope.ExternalUrl,
            "pathPrefix" => Uri.TryCreate(scope.ExternalUrl, UriKind.Absolute, out var url) ? url.AbsolutePath.TrimEnd('/') : "",
            "first" or "label" or "value" or "sortByLabel" or "strvalue" or "index" or "len" or "args" => Collection(call),
            "eq" or "ne" or "lt" or "le" or "gt" or "ge" or "and" or "or" or "not" => Logic(call),
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
        "args" => LabelSet.From(call.Arguments.Select((item, i) => KeyValuePair.Create("arg" + i.ToString(CultureInfo.InvariantCulture), GoFormat.Print(item)))),
        "len" => call.Arguments[0] switch
        {
            string text => (long)text.Length,
            LabelSet labels => (long)labels.Count,
            _ => (long)call.List(0).Count,
        },
        _ => Index(call),
    };

    private static object? Index(Call call)
    {
        if (call.Argument(0) is LabelSet labels)
            return labels[call.Text(1)];
        var list = call.List(0);
        var at = call.Number(1);
        return at >= 0 && at < list.Count ? list[(int)at] : throw call.Error($"index {at} is out of range, the list has {list.Count} elements");
    }

    private static object? Logic(Call call)
    {
        switch (call.Name)
        {
            case "not":
                return !TemplateRunner.IsTrue(call.Argument(0));
            case "and":
                return call.Arguments.FirstOrDefault(item => !TemplateRunner.IsTrue(item), call.Argument(call.Arguments.Length - 1));
            case "or":
                return call.Arguments.FirstOrDefault(TemplateRunner.IsTrue, call.Argument(call.Arguments.Length - 1));
            case "eq":
                return call.Arguments.Skip(1).Any(item => Compare(call, call.Argument(0), item) == 0);
        }

        var order = Compare(call, call.Argument(0), call.Argument(1));
        return call.Name switch
        {
            "ne" => order != 0,
            "lt" => order < 0,
            "le" => order <= 0,
            "gt" => order > 0,
            _ => order >= 0,
        };
    }

    private static int Compare(Call call, object? left, object? right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (double a, double b) => a.CompareTo(b),
        (long a, long b) => a.CompareTo(b),
        (bool a, bool b) => a.CompareTo(b),
        // Go refuses 5 > $value: the number must be written 5.0.
        _ => throw call.Error($"incompatible types for comparison: {GoFormat.Print(left)} and {GoFormat.Print(right)}; write whole numbers as 5.0 beside a float"),
    };

    private static string Text(Call call)
    {
        switch (call.Name)
        {
            case "title": return Title(call.Text(0));
            case "toUpper": return call.Text(0).ToUpperInvariant();
#pragma warning disable CA1308 // the template function is named for what it does
            case "toLower": return call.Text(0).ToLowerInvariant();
#pragma warning restore CA1308
            case "stripPort": return StripPort(call.Text(0));
            case "stripDomain": return StripDomain(call.Text(0));
            case "match": return Pattern(call).IsMatch(call.Text(1)) ? "true" : "false";
            case "reReplaceAll": return Pattern(call).Replace(call.Text(2), call.Text(1));
            case "parseDuration": return GoFormat.Print(ParseDuration(call));
            case "urlQueryEscape": return Uri.EscapeDataString(call.Text(0));
            case "graphLink": return $"/graph?g0.expr={Uri.EscapeDataString(call.Text(0))}&g0.tab=0";
            case "tableLink": return $"/graph?g0.expr={Uri.EscapeDataString(call.Text(0))}&g0.tab=1";
            default: return call.Text(0);
        }
    }

    private static Regex Pattern(Call call)
    {
        try
        {
            return new Regex(call.Text(0), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            throw call.Error($"bad pattern \"{call.Text(0)}\": {failure.Message}");
        }
    }

    private static string Title(string text)
    {
        var letters = text.ToCharArray();
        for (var i = 0; i < letters.Length; i++)
        {
            if (i == 0 || char.IsWhiteSpace(letters[i - 1]))
                letters[i] = char.ToUpperInvariant(letters[i]);
        }

        return new string(letters);
    }

    private static string StripPort(string address)
    {
        var colon = address.LastIndexOf(':');
        return colon < 0 || (address.Count(c => c == ':') > 1 && !address.StartsWith('[')) ? address : address[..colon].Trim('[', ']');
    }

    private static string StripDomain(string address)
    {
        var host = StripPort(address);
        var port = address[host.Length..];
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 || System.Net.IPAddress.TryParse(host, out _) ? address : host[..dot] + port;
    }

    // 1h30m → 5400
    private static double ParseDuration(Call call)
    {
        var text = call.Text(0);
        double seconds = 0;
        var at = 0;
        while (at < text.Length)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            var unitStart = at;
            while (at < text.Length && char.IsAsciiLetter(text[at]))
                at++;
            if (unitStart == start || Unit(text[unitStart..at]) is not { } unit)
                throw call.Error($"not a valid duration string: \"{text}\"");
            seconds += double.Parse(text.AsSpan(start, unitStart - start), CultureInfo.InvariantCulture) * unit;
        }

        return seconds;
    }

    private static double? Unit(string unit) => unit switch
    {
        "ms" => 0.001,
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86400,
        "w" => 604800,
        "y" => 31536000,
        _ => null,
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

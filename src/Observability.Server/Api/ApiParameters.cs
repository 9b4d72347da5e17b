using System.Globalization;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary>What a request to the Prometheus HTTP API asks for, from its form or its query string. Reading goes on past a fault; the first one is kept.</summary>
internal sealed class ApiParameters
{
    // The end of year 9999, which is what a DateTimeOffset can hold.
    private const double LatestSecond = 253_402_300_799;

    private readonly IFormCollection? _form;
    private readonly IQueryCollection _query;

    private ApiParameters(IFormCollection? form, IQueryCollection query) => (_form, _query) = (form, query);

    /// <summary>What is wrong, in Prometheus's words; null while nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>A parameter's text; empty where it is absent.</summary>
    public string this[string name] => _form is not null && _form.TryGetValue(name, out var value) ? value.ToString() : _query[name].ToString();

    public static async Task<ApiParameters> ReadAsync(HttpContext http) =>
        new(http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : null, http.Request.Query);

    /// <summary>Every value of a parameter that may come several times.</summary>
    public IReadOnlyList<string> All(string name) => [.. (_form is not null ? _form[name] : _query[name]).OfType<string>()];

    /// <summary>Seconds since 1970 or RFC 3339.</summary>
    public DateTimeOffset Time(string name, DateTimeOffset? absent = null)
    {
        var text = this[name];
        if (text.Length == 0 && absent is { } instead)
            return instead;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < LatestSecond)
            return DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000));
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            Refuse(name, $"cannot parse \"{text}\" to a valid timestamp");
        return at;
    }

    /// <summary>Seconds or a Prometheus duration, more than nothing.</summary>
    public TimeSpan Step(string name)
    {
        var text = this[name];
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e9)
            return TimeSpan.FromSeconds(seconds);
        if (!PromQlDuration.TryParse(text, out var step))
            Refuse(name, $"cannot parse \"{text}\" to a valid duration");
        return step;
    }

    /// <summary>Seconds or a Prometheus duration, more than nothing; null where it is absent.</summary>
    public TimeSpan? Duration(string name) => this[name].Length == 0 ? null : Step(name);

    /// <summary>A limit: a whole number, none below 0; 0, for no limit, where it is absent.</summary>
    public int Limit(string name = "limit")
    {
        var text = this[name];
        if (text.Length == 0)
            return 0;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit))
            Refuse(name, $"cannot parse \"{text}\" to a number");
        else if (limit < 0)
            Refuse(name, "limit must be non-negative");
        return limit;
    }

    /// <summary>A yes or no as Go reads it (<c>true</c>, <c>1</c>, <c>t</c>); no where it is absent.</summary>
    public bool Flag(string name)
    {
        var text = this[name].ToLowerInvariant();
        if (text is not ("" or "1" or "t" or "true" or "0" or "f" or "false"))
            Refuse(name, $"cannot parse \"{text}\" to true or false");
        return text is "1" or "t" or "true";
    }

    /// <summary>A selector of <c>match[]</c> each: series that satisfy one of them are asked for.</summary>
    public IReadOnlyList<IReadOnlyList<LabelMatcher>> Selectors()
    {
        var matchers = new List<IReadOnlyList<LabelMatcher>>();
        foreach (var text in All("match[]"))
        {
            var parsed = PromQlParser.ParseSelector(text);
            if (parsed.Expression is PromQlExpression.VectorSelector selector)
                matchers.Add(selector.AllMatchers);
            else
                Refuse("match[]", parsed.Error ?? $"{text} is not a selector");
        }

        return matchers;
    }

    /// <summary>A whole number; null where it is absent.</summary>
    public int? Count(string name)
    {
        var text = this[name];
        if (text.Length == 0)
            return null;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
            Fault ??= $"{name} must be a number";
        return count;
    }

    /// <summary>An expression, or null and a fault.</summary>
    public PromQlExpression? Expression(string name, bool experimental)
    {
        var parsed = PromQlParser.Parse(this[name], experimental);
        if (parsed.Error is { } error)
            Refuse(name, error);
        return parsed.Expression;
    }

    /// <summary>Keeps what is wrong with a parameter, unless something was wrong before.</summary>
    public void Refuse(string name, string what) => Fault ??= $"invalid parameter \"{name}\": {what}";
}

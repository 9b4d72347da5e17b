using System.Globalization;
using Observability.Metrics;

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

    /// <summary>A whole number; 0 where it is absent.</summary>
    public int Count(string name)
    {
        var text = this[name];
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) && text.Length > 0)
            Fault ??= $"{name} must be a number";
        return count;
    }

    /// <summary>An expression, or null and a fault.</summary>
    public PromQlExpression? Expression(string name)
    {
        var parsed = PromQlParser.Parse(this[name]);
        if (parsed.Error is { } error)
            Refuse(name, error);
        return parsed.Expression;
    }

    /// <summary>Keeps what is wrong with a parameter, unless something was wrong before.</summary>
    public void Refuse(string name, string what) => Fault ??= $"invalid parameter \"{name}\": {what}";
}

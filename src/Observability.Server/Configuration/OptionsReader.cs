using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Turns flat keys (<c>collect.targets.0.url</c>) into options. Unknown keys, values that do not fit and rules that are
/// broken are all reported at once, each with its key, its value and its place.
/// </summary>
internal sealed partial class OptionsReader
{
    private readonly Dictionary<string, (string Value, SourceLine At)> _keys;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<Finding> _findings = [];

    private OptionsReader(IEnumerable<(string Key, string Value, SourceLine At)> keys)
    {
        _keys = new(StringComparer.Ordinal);
        foreach (var (key, value, at) in keys)
            _keys[key] = (value, at);
    }

    /// <summary>Reads options; they are usable only where no finding came back.</summary>
    public static (ObservabilityOptions Options, IReadOnlyList<Finding> Findings) Read(
        IEnumerable<(string Key, string Value, SourceLine At)> keys)
    {
        var reader = new OptionsReader(keys);
        var options = new ObservabilityOptions();
        reader.Fill(options, "");
        foreach (var (key, (_, at)) in reader._keys)
        {
            if (!reader._used.Contains(key))
                reader._findings.Add(new Finding(at, $"{key}: unknown key; see observability.example.yaml for the known ones"));
        }

        reader.CheckDoors(options);
        return (options, [.. reader._findings.OrderBy(finding => finding.At.File, StringComparer.Ordinal).ThenBy(finding => finding.At.Line)]);
    }

    private void Fill(object target, string prefix)
    {
        foreach (var property in target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var key = prefix + SnakeCase(property.Name);
            if (typeof(IList).IsAssignableFrom(property.PropertyType))
                FillList((IList)property.GetValue(target)!, property.PropertyType.GetGenericArguments()[0], key);
            else if (IsSection(property.PropertyType))
                Fill(property.GetValue(target)!, key + ".");
            else if (_keys.TryGetValue(key, out var entry))
                Set(target, property, key, entry.Value, entry.At);
            Check(target, property, key);
        }
    }

    private void FillList(IList list, Type item, string key)
    {
        for (var i = 0; ; i++)
        {
            var prefix = $"{key}.{i}";
            if (_keys.TryGetValue(prefix, out var entry))
            {
                _used.Add(prefix);
                list.Add(entry.Value);
            }
            else if (IsSection(item) && _keys.Keys.Any(known => known.StartsWith(prefix + ".", StringComparison.Ordinal)))
            {
                var section = Activator.CreateInstance(item)!;
                Fill(section, prefix + ".");
                list.Add(section);
            }
            else
            {
                return;
            }
        }
    }

    private void Set(object target, PropertyInfo property, string key, string value, SourceLine at)
    {
        _used.Add(key);
        if (TryConvert(value, property.PropertyType, out var converted))
            property.SetValue(target, converted);
        else
            _findings.Add(new Finding(at, $"{key}: '{value}' is not {Expected(property.PropertyType)}"));
    }

    private void Check(object target, PropertyInfo property, string key)
    {
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            var value = property.GetValue(target);
            if (rule.IsValid(value))
                continue;
            var at = _keys.TryGetValue(key, out var entry) ? entry.At : PlaceOf(key);
            var says = rule is RequiredAttribute ? "is required"
                : rule is RangeAttribute range ? $"{value} is outside {range.Minimum} to {range.Maximum}"
                : $"'{value}' {rule.ErrorMessage}";
            _findings.Add(new Finding(at, $"{key}: {says}"));
        }
    }

    private void CheckDoors(ObservabilityOptions options)
    {
        var key = "server.listen";
        var at = _keys.TryGetValue(key, out var entry) ? entry.At : default;
        if (!ListenAddress.TryParse(options.Server.Listen, out var address))
            _findings.Add(new Finding(at, $"{key}: '{options.Server.Listen}' is not address:port, for example 127.0.0.1:7070"));
        else if (!address.IsLoopback && options.Server.ApiKeys.Count == 0)
            _findings.Add(new Finding(at, $"{key}: {options.Server.Listen} is reachable from outside; add server.api_keys first"));
        for (var i = 0; i < options.Server.ApiKeys.Count; i++)
        {
            var colon = options.Server.ApiKeys[i].IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || options.Server.ApiKeys[i].Length - colon - 1 < 16)
                _findings.Add(new Finding(PlaceOf($"server.api_keys.{i}"), $"server.api_keys.{i}: must be name:secret with a secret of at least 16 characters"));
        }
    }

    // The nearest key around a missing one, so that the reader finds the section it belongs to.
    private SourceLine PlaceOf(string key)
    {
        if (_keys.TryGetValue(key, out var entry))
            return entry.At;
        var dot = key.LastIndexOf('.');
        var section = dot < 0 ? "" : key[..(dot + 1)];
        return _keys.Where(pair => pair.Key.StartsWith(section, StringComparison.Ordinal))
            .Select(pair => pair.Value.At).OrderBy(at => at.Line).FirstOrDefault();
    }

    private static bool IsSection(Type type) => type.IsClass && type != typeof(string) && !typeof(IList).IsAssignableFrom(type);

    private static bool TryConvert(string value, Type type, out object? converted)
    {
        converted = null;
        if (type == typeof(string))
            converted = value;
        else if (type == typeof(int) && int.TryParse(value.Replace("_", "", StringComparison.Ordinal), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            converted = number;
        else if (type == typeof(double) && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real))
            converted = real;
        else if (type == typeof(bool) && bool.TryParse(value, out var flag))
            converted = flag;
        else if (type == typeof(TimeSpan) && TryDuration(value, out var span))
            converted = span;
        else if (type.IsEnum && !int.TryParse(value, out _) && Enum.TryParse(type, value, ignoreCase: true, out var member))
            converted = member;
        return converted is not null;
    }

    // 15s, 5m, 1h30m, 15d: the units of Prometheus.
    private static bool TryDuration(string value, out TimeSpan span)
    {
        span = default;
        var match = DurationPattern().Match(value);
        if (!match.Success || value.Length == 0)
            return false;
        double seconds = 0;
        foreach (var (group, unit) in ((string, double)[])[("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("ms", 0.001)])
        {
            if (match.Groups[group].Success)
                seconds += double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) * unit;
        }

        span = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static string Expected(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => "a duration such as 10s, 5m or 15d",
        _ when type == typeof(int) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(bool) => "true or false",
        { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(type).Select(SnakeCase)),
        _ => "usable here",
    };

    internal static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    [GeneratedRegex(@"^(?:(?<d>\d+)d)?(?:(?<h>\d+)h)?(?:(?<m>\d+)m(?!s))?(?:(?<s>\d+(?:\.\d+)?)s)?(?:(?<ms>\d+)ms)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex DurationPattern();
}

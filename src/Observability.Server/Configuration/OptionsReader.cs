using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Turns flat keys (<c>collect.targets.0.url</c>) into options. Unknown keys, values that do not fit and rules that are
/// broken are all reported at once, each with its key, its value and its place.
/// </summary>
internal sealed class OptionsReader
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

        reader._findings.AddRange(OptionRules.Broken(options).Select(rule => new Finding(reader.PlaceOf(rule.Key), $"{rule.Key}: {rule.Fault}")));
        return (options, [.. reader._findings.OrderBy(finding => finding.At.File, StringComparer.Ordinal).ThenBy(finding => finding.At.Line)]);
    }

    private void Fill(object target, string prefix)
    {
        foreach (var property in target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var key = prefix + OptionValue.SnakeCase(property.Name);
            if (typeof(IList).IsAssignableFrom(property.PropertyType))
            {
                FillList((IList)property.GetValue(target)!, property, key);
                continue;
            }

            if (IsSection(property.PropertyType))
                Fill(property.GetValue(target)!, key + ".");
            else if (_keys.TryGetValue(key, out var entry))
                Set(target, property, key, entry.Value, entry.At);
            Check(property.GetValue(target), property, key);
        }
    }

    private void FillList(IList list, PropertyInfo property, string key)
    {
        var item = property.PropertyType.GetGenericArguments()[0];
        for (var i = 0; ; i++)
        {
            var prefix = $"{key}.{i}";
            if (_keys.TryGetValue(prefix, out var entry))
            {
                _used.Add(prefix);
                list.Add(entry.Value);
                Check(entry.Value, property, prefix);
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
        if (OptionValue.TryConvert(value, property.PropertyType, out var converted))
            property.SetValue(target, converted);
        else
            _findings.Add(new Finding(at, $"{key}: '{value}' is not {OptionValue.Expected(property.PropertyType)}"));
    }

    private void Check(object? value, PropertyInfo property, string key)
    {
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            if (rule.IsValid(value))
                continue;
            var says = rule is RequiredAttribute ? "is required"
                : rule is RangeAttribute range ? $"{OptionValue.Show(value)} is outside {OptionValue.Show(range.Minimum)} to {OptionValue.Show(range.Maximum)}"
                : rule is DurationAttribute ? $"{OptionValue.Show(value)} {rule.FormatErrorMessage(key)}"
                : $"'{value}' {rule.FormatErrorMessage(key)}";
            _findings.Add(new Finding(PlaceOf(key), $"{key}: {says}"));
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
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Observability.Collectors.Tests;

/// <summary>Relabelling written down as Prometheus's documentation words it, over a plain dictionary: slow and obvious.</summary>
internal static class SlowRelabel
{
    public static SortedDictionary<string, string>? Apply(RelabelSpec rule, IReadOnlyDictionary<string, string> labels)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in labels)
            result[pair.Key] = pair.Value;
        var values = new List<string>();
        foreach (var source in rule.SourceLabels)
            values.Add(labels.TryGetValue(source, out var value) ? value : "");
        var joined = string.Join(rule.Separator, values);
        var target = labels.TryGetValue(rule.TargetLabel, out var known) ? known : "";
        var whole = new Regex("^(?:" + rule.Regex + ")$", RegexOptions.Singleline | RegexOptions.CultureInvariant);
        switch (rule.Action)
        {
            case "replace":
                if (whole.Match(joined) is { Success: true } match)
                    Set(result, rule.TargetLabel, Groups(rule.Replacement, match));
                break;
            case "keep": return whole.IsMatch(joined) ? result : null;
            case "drop": return whole.IsMatch(joined) ? null : result;
            case "keepequal": return joined == target ? result : null;
            case "dropequal": return joined == target ? null : result;
            case "lowercase": Set(result, rule.TargetLabel, joined.ToLower(CultureInfo.InvariantCulture)); break;
            case "uppercase": Set(result, rule.TargetLabel, joined.ToUpper(CultureInfo.InvariantCulture)); break;
            case "hashmod":
                var sum = new System.Numerics.BigInteger(0);
#pragma warning disable CA5351 // the hash that Prometheus takes
                var hash = MD5.HashData(Encoding.UTF8.GetBytes(joined));
#pragma warning restore CA5351
                foreach (var b in hash[8..])
                    sum = (sum * 256) + b;
                Set(result, rule.TargetLabel, (sum % rule.Modulus).ToString(CultureInfo.InvariantCulture));
                break;
            case "labelmap":
                foreach (var pair in labels)
                {
                    if (whole.Match(pair.Key) is { Success: true } named)
                        Set(result, Groups(rule.Replacement, named), pair.Value);
                }

                break;
            case "labeldrop":
                foreach (var pair in labels.Where(pair => whole.IsMatch(pair.Key)))
                    result.Remove(pair.Key);
                break;
            default:
                foreach (var pair in labels.Where(pair => !whole.IsMatch(pair.Key)))
                    result.Remove(pair.Key);
                break;
        }

        return result;
    }

    private static void Set(SortedDictionary<string, string> labels, string name, string value)
    {
        if (value.Length == 0)
            labels.Remove(name);
        else
            labels[name] = value;
    }

    private static string Groups(string template, Match match) => template.Replace("${1}", match.Groups[1].Value, StringComparison.Ordinal)
        .Replace("$1", match.Groups[1].Value, StringComparison.Ordinal).Replace("$2", match.Groups[2].Value, StringComparison.Ordinal);
}

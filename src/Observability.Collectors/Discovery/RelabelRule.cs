using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// One relabelling rule of Prometheus, https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config.
/// Patterns are anchored at both ends; a replacement refers to groups by <c>$1</c>, <c>${1}</c> or <c>${name}</c>, and to what does not exist by nothing.
/// </summary>
public sealed class RelabelRule
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Regex _pattern;

    private RelabelRule(Regex pattern) => _pattern = pattern;

    /// <summary>What it does.</summary>
    public RelabelAction Action { get; private init; }

    /// <summary>The labels whose values are joined.</summary>
    public ImmutableArray<string> Sources { get; private init; } = [];

    /// <summary>What stands between the joined values.</summary>
    public string Separator { get; private init; } = ";";

    /// <summary>The label that is set or compared.</summary>
    public string Target { get; private init; } = "";

    /// <summary>What it is set to.</summary>
    public string Replacement { get; private init; } = "$1";

    /// <summary>The modulus of <see cref="RelabelAction.HashMod"/>.</summary>
    public ulong Modulus { get; private init; }

    /// <summary>Makes a rule; null with the reason where it cannot be one.</summary>
    public static RelabelRule? Create(RelabelSpec spec, out string error)
    {
        ArgumentNullException.ThrowIfNull(spec);
        error = "";
        if (!Enum.TryParse<RelabelAction>(spec.Action, ignoreCase: true, out var action) || int.TryParse(spec.Action, out _))
            error = $"action '{spec.Action}' is none of replace, keep, drop, keepequal, dropequal, hashmod, labelmap, labeldrop, labelkeep, lowercase, uppercase";
        else if (action is RelabelAction.Replace or RelabelAction.KeepEqual or RelabelAction.DropEqual or RelabelAction.HashMod or RelabelAction.Lowercase or RelabelAction.Uppercase
            && spec.TargetLabel.Length == 0)
            error = $"action {spec.Action} needs a target_label";
        else if (action == RelabelAction.HashMod && spec.Modulus == 0)
            error = "action hashmod needs a modulus above 0";
        if (error.Length > 0)
            return null;
        try
        {
            return new RelabelRule(new Regex($"^(?s:{Re2Pattern.ToDotNet(spec.Regex)})$", RegexOptions.CultureInvariant, Patience))
            {
                Action = action,
                Sources = [.. spec.SourceLabels],
                Separator = spec.Separator,
                Target = spec.TargetLabel,
                Replacement = spec.Replacement,
                Modulus = spec.Modulus,
            };
        }
        catch (ArgumentException fault)
        {
            error = $"regex '{spec.Regex}': {fault.Message}";
            return null;
        }
    }

    /// <summary>Runs rules one after the other; null where one of them drops the set.</summary>
    public static LabelSet? Apply(IEnumerable<RelabelRule> rules, LabelSet labels)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var current = labels;
        foreach (var rule in rules)
        {
            if (rule.Apply(current) is not { } next)
                return null;
            current = next;
        }

        return current;
    }

    /// <summary>The labels after the rule; null where it drops them.</summary>
    public LabelSet? Apply(LabelSet labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var joined = string.Join(Separator, Sources.Select(name => labels[name]));
        switch (Action)
        {
            case RelabelAction.Keep: return Matches(joined) ? labels : null;
            case RelabelAction.Drop: return Matches(joined) ? null : labels;
            case RelabelAction.KeepEqual: return joined == labels[Target] ? labels : null;
            case RelabelAction.DropEqual: return joined == labels[Target] ? null : labels;
            case RelabelAction.HashMod: return labels.With(Target, (Hash(joined) % Modulus).ToString(CultureInfo.InvariantCulture));
#pragma warning disable CA1308 // the action is defined so
            case RelabelAction.Lowercase: return labels.With(Target, joined.ToLowerInvariant());
#pragma warning restore CA1308
            case RelabelAction.Uppercase: return labels.With(Target, joined.ToUpperInvariant());
            case RelabelAction.LabelMap: return Map(labels);
            case RelabelAction.LabelDrop: return LabelSet.From(labels.Where(label => !Matches(label.Key)));
            case RelabelAction.LabelKeep: return LabelSet.From(labels.Where(label => Matches(label.Key)));
            default: return Replace(labels, joined);
        }
    }

    private LabelSet Replace(LabelSet labels, string joined)
    {
        if (Match(joined) is not { Success: true } match)
            return labels;
        var target = Expand(Target, match);
        return IsName(target) ? labels.With(target, Expand(Replacement, match)) : labels;
    }

    private LabelSet Map(LabelSet labels)
    {
        var mapped = labels;
        foreach (var (name, value) in labels)
        {
            if (Match(name) is { Success: true } match)
                mapped = mapped.With(Expand(Replacement, match), value);
        }

        return mapped;
    }

    private bool Matches(string text) => Match(text) is { Success: true };

    // A pattern that takes too long matches nothing: one bad rule must not stop discovery.
    private Match? Match(string text)
    {
        try
        {
            return _pattern.Match(text);
        }
        catch (RegexMatchTimeoutException)
        {
            CollectorsMetrics.Refused("relabel", "slow_regex");
            return null;
        }
    }

    // The last 8 bytes of the MD5, big-endian, as Prometheus takes them.
    private static ulong Hash(string text)
    {
#pragma warning disable CA5351 // shards must agree with those of Prometheus; nothing is kept secret
        var hash = MD5.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5351
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash.AsSpan(8));
    }

    // Go's regexp.Expand: $name takes the longest run of letters, digits and underscores, $$ is a dollar.
    private static string Expand(string template, Match match)
    {
        var text = new StringBuilder(template.Length);
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] != '$' || at + 1 == template.Length)
            {
                text.Append(template[at]);
                continue;
            }

            if (template[at + 1] == '$')
            {
                text.Append('$');
                at++;
                continue;
            }

            var isBraced = template[at + 1] == '{';
            var start = at + (isBraced ? 2 : 1);
            var end = start;
            while (end < template.Length && (char.IsAsciiLetterOrDigit(template[end]) || template[end] == '_'))
                end++;
            if (end == start || (isBraced && (end == template.Length || template[end] != '}')))
            {
                text.Append('$');
                continue;
            }

            text.Append(match.Groups[template[start..end]].Value);
            at = isBraced ? end : end - 1;
        }

        return text.ToString();
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}

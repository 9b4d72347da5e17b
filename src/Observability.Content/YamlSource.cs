using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Observability.Content;

/// <summary>
/// A YAML file read with the line of every key. Readers ask for the keys they know; whatever is left is a finding, so
/// that a misspelt key never passes in silence.
/// </summary>
internal sealed partial class YamlSource(string file, int lineOffset = 0)
{
    /// <summary>All that is wrong, in the order it was met.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>The document's root; null, with a finding, where the text is not YAML or empty.</summary>
    public YamlNode? Root(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count > 0)
                return stream.Documents[0].RootNode;
            Findings.Add(new Finding(new SourceLine(file, 0), "the file is empty"));
        }
        catch (YamlException fault)
        {
            Findings.Add(new Finding(new SourceLine(file, (int)fault.Start.Line + lineOffset), $"is not YAML: {fault.InnerException?.Message ?? fault.Message}"));
        }

        return null;
    }

    /// <summary>All documents of the text.</summary>
    public IReadOnlyList<YamlNode> Roots(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return [.. stream.Documents.Select(document => document.RootNode)];
        }
        catch (YamlException fault)
        {
            Findings.Add(new Finding(new SourceLine(file, (int)fault.Start.Line + lineOffset), $"is not YAML: {fault.InnerException?.Message ?? fault.Message}"));
            return [];
        }
    }

    /// <summary>Where a node stands.</summary>
    public SourceLine At(YamlNode node) => new(file, (int)node.Start.Line + lineOffset);

    /// <summary>Adds a finding at a node.</summary>
    public void Fault(YamlNode node, string message) => Findings.Add(new Finding(At(node), message));

    /// <summary>The node as a mapping; null with a finding where it is something else.</summary>
    public YamlMappingNode? Mapping(YamlNode? node, string what)
    {
        if (node is YamlMappingNode mapping)
            return mapping;
        if (node is not null)
            Fault(node, $"{what}: must be a mapping of keys to values");
        return null;
    }

    /// <summary>Items of a list; a finding where the node is something else. An absent node has none.</summary>
    public IEnumerable<YamlNode> Items(YamlNode? node, string what)
    {
        if (node is YamlSequenceNode list)
            return list.Children;
        if (node is not null && !IsNull(node))
            Fault(node, $"{what}: must be a list");
        return [];
    }

    /// <summary>Reports every key that is not among the known ones.</summary>
    public void Known(YamlMappingNode mapping, string what, params ReadOnlySpan<string> names)
    {
        foreach (var key in mapping.Children.Keys)
        {
            if (!names.Contains(key.ToString()))
                Fault(key, $"{what}: unknown key '{key}'; known are {string.Join(", ", names.ToArray())}");
        }
    }

    /// <summary>A value; null where the key is absent.</summary>
    public static YamlNode? Get(YamlMappingNode mapping, string name) =>
        mapping.Children.TryGetValue(new YamlScalarNode(name), out var value) ? value : null;

    /// <summary>A text; empty where the key is absent, with a finding where it is required.</summary>
    public string Text(YamlMappingNode mapping, string name, string what, bool required = false)
    {
        var node = Get(mapping, name);
        if (node is YamlScalarNode scalar && (!IsNull(scalar) || !required))
        {
            if (required && string.IsNullOrWhiteSpace(scalar.Value))
                Fault(scalar, $"{what}.{name}: is empty");
            return IsNull(scalar) ? "" : scalar.Value ?? "";
        }

        if (node is not null)
            Fault(node, $"{what}.{name}: must be a text");
        else if (required)
            Fault(mapping, $"{what}.{name}: is missing");
        return "";
    }

    /// <summary>A Prometheus duration (<c>1h30m</c>); a plain 0 is allowed.</summary>
    public TimeSpan Duration(YamlMappingNode mapping, string name, string what, TimeSpan otherwise)
    {
        var text = Text(mapping, name, what);
        if (text.Length == 0)
            return otherwise;
        if (TryDuration(text, out var span))
            return span;
        Fault(Get(mapping, name)!, $"{what}.{name}: '{text}' is not a duration such as 30s, 5m or 1h30m");
        return otherwise;
    }

    /// <summary>A number.</summary>
    public double Number(YamlMappingNode mapping, string name, string what, double otherwise)
    {
        var text = Text(mapping, name, what);
        if (text.Length == 0)
            return otherwise;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return number;
        Fault(Get(mapping, name)!, $"{what}.{name}: '{text}' is not a number");
        return otherwise;
    }

    /// <summary>A mapping of texts.</summary>
    public LabelSet Labels(YamlMappingNode mapping, string name, string what)
    {
        if (Get(mapping, name) is not { } node || IsNull(node) || Mapping(node, $"{what}.{name}") is not { } labels)
            return LabelSet.Empty;
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var (key, value) in labels.Children)
        {
            if (value is YamlScalarNode scalar)
                pairs.Add(new(key.ToString(), scalar.Value ?? ""));
            else
                Fault(value, $"{what}.{name}.{key}: must be a text");
        }

        return LabelSet.From(pairs);
    }

    /// <summary>Reads <c>1y2w3d4h5m6s7ms</c>, largest unit first.</summary>
    public static bool TryDuration(string text, out TimeSpan span)
    {
        span = TimeSpan.Zero;
        if (text == "0")
            return true;
        var match = DurationPattern().Match(text);
        if (text.Length == 0 || !match.Success)
            return false;
        double seconds = 0;
        foreach (var (group, unit) in ((string, double)[])[("y", 31_536_000), ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("ms", 0.001)])
        {
            if (match.Groups[group].Success)
                seconds += double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) * unit;
        }

        span = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static bool IsNull(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    [GeneratedRegex(@"^(?:(?<y>\d+)y)?(?:(?<w>\d+)w)?(?:(?<d>\d+)d)?(?:(?<h>\d+)h)?(?:(?<m>\d+)m(?!s))?(?:(?<s>\d+)s)?(?:(?<ms>\d+)ms)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex DurationPattern();
}

using System.Globalization;
using Observability.Model;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Observability.Content;

/// <summary>
/// A mapping with typed access. Each key that is asked for is known; <see cref="Close"/> refuses the others. A value of
/// the wrong type is a finding and reads as absent.
/// </summary>
internal sealed class YamlMap
{
    private readonly YamlMappingNode _node;
    private readonly YamlPlace _place;
    private readonly List<string> _known = [];

    private YamlMap(YamlMappingNode node, YamlPlace place) => (_node, _place) = (node, place);

    public SourceLine At => _place.At(_node);

    public IEnumerable<string> Keys => _node.Children.Keys.Select(TextOf);

    public static YamlMap? Of(YamlNode node, YamlPlace place, string what)
    {
        if (node is YamlMappingNode map)
            return new YamlMap(map, place);
        place.Findings.Add(place.At(node), $"{what} must be a mapping of keys, is {Describe(node)}");
        return null;
    }

    public static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    public void Fault(string key, string message) => _place.Findings.Add(LineOf(key), $"{key} {message}");

    public void Warn(string key, string message) => _place.Findings.Warn(LineOf(key), $"{key} {message}");

    public SourceLine LineOf(string key) => Find(key) is { } node ? _place.At(node) : At;

    public bool Has(string key) => Find(key) is not null;

    public string? Text(string key)
    {
        if (Known(key) is not { } node)
            return null;
        if (node is YamlScalarNode scalar)
            return scalar.Value ?? "";
        Fault(key, $"must be a text, is {Describe(node)}");
        return null;
    }

    public string Required(string key)
    {
        var text = Text(key);
        if (string.IsNullOrWhiteSpace(text) && (!Has(key) || text is not null))
            Fault(key, "is missing");
        return text ?? "";
    }

    /// <summary>A text out of a few; the first of them where it is absent or something else.</summary>
    public string OneOf(string key, params ReadOnlySpan<string> allowed)
    {
        var text = Text(key);
        foreach (var word in allowed)
        {
            if (text == word)
                return word;
        }

        if (text is not null)
            Fault(key, $"is '{text}'; use {string.Join(", ", allowed)}");
        return allowed[0];
    }

    public double? Number(string key)
    {
        if (Text(key) is not { } text)
            return null;
        if (YamlNumber.TryParse(text, out var number))
            return number;
        Fault(key, $"must be a number, is '{text}'");
        return null;
    }

    public int? Integer(string key)
    {
        if (Text(key) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        Fault(key, $"must be a whole number, is '{text}'");
        return null;
    }

    public bool? Flag(string key)
    {
        switch (Text(key))
        {
            case null: return null;
            case "true" or "True" or "TRUE": return true;
            case "false" or "False" or "FALSE": return false;
            case var text:
                Fault(key, $"must be true or false, is '{text}'");
                return null;
        }
    }

    /// <summary>A Prometheus duration: <c>90s</c>, <c>1h30m</c>, <c>0</c>.</summary>
    public TimeSpan? Duration(string key)
    {
        if (Text(key) is not { } text)
            return null;
        if (DurationText.TryParse(text, out var duration))
            return duration;
        Fault(key, $"must be a duration such as 30s, 5m or 1h30m, is '{text}'");
        return null;
    }

    public YamlMap? Map(string key) => Known(key) is { } node ? Of(node, _place, key) : null;

    public IReadOnlyList<YamlMap> Maps(string key)
    {
        var maps = new List<YamlMap>();
        foreach (var node in Items(key))
        {
            if (Of(node, _place, $"an item of {key}") is { } map)
                maps.Add(map);
        }

        return maps;
    }

    public IReadOnlyList<string> Texts(string key)
    {
        var texts = new List<string>();
        foreach (var node in Items(key))
        {
            if (node is YamlScalarNode scalar)
                texts.Add(scalar.Value ?? "");
            else
                _place.Findings.Add(_place.At(node), $"an item of {key} must be a text, is {Describe(node)}");
        }

        return texts;
    }

    /// <summary>A mapping of texts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string key)
    {
        if (Map(key) is not { } map)
            return [];
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var (name, node) in map._node.Children)
        {
            if (node is YamlScalarNode scalar)
                pairs.Add(new(TextOf(name), IsNull(scalar) ? "" : scalar.Value ?? ""));
            else
                _place.Findings.Add(_place.At(node), $"{key}.{TextOf(name)} must be a text, is {Describe(node)}");
        }

        return pairs;
    }

    /// <summary>Marks a key as known without reading it: it belongs to somebody else.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            _known.Add(key);
    }

    /// <summary>Refuses the keys nobody asked for.</summary>
    public void Close()
    {
        foreach (var key in _node.Children.Keys)
        {
            if (!_known.Contains(TextOf(key)))
                _place.Findings.Add(_place.At(key), $"unknown key '{TextOf(key)}'; known are {string.Join(", ", _known.Distinct())}");
        }
    }

    private IEnumerable<YamlNode> Items(string key)
    {
        if (Known(key) is not { } node)
            return [];
        if (node is YamlSequenceNode list)
            return list.Children;
        Fault(key, $"must be a list, is {Describe(node)}");
        return [];
    }

    private YamlNode? Known(string key)
    {
        _known.Add(key);
        return Find(key) is { } node && !IsNull(node) ? node : null;
    }

    private YamlNode? Find(string key) => _node.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;

    private static string TextOf(YamlNode key) => key is YamlScalarNode scalar ? scalar.Value ?? "" : key.ToString();

    private static string Describe(YamlNode node) => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        YamlScalarNode scalar when IsNull(scalar) => "empty",
        YamlScalarNode scalar => $"'{scalar.Value}'",
        _ => "something else",
    };
}

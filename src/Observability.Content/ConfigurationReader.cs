using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Observability.Content;

/// <summary>Flattens a YAML file into keys (<c>collect.targets.0.url</c>) with the line of each, for the Server to bind and check.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads one file.</summary>
    public static ContentResult<ConfigurationKey> Read(string file, string text)
    {
        var yaml = new YamlSource(file);
        var keys = new List<ConfigurationKey>();
        if (yaml.Root(text) is { } root)
            Flatten(yaml, root, "", keys);
        return new ContentResult<ConfigurationKey>(keys, yaml.Findings);
    }

    private static void Flatten(YamlSource yaml, YamlNode node, string prefix, List<ConfigurationKey> keys)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                foreach (var (key, value) in mapping.Children)
                    Flatten(yaml, value, prefix.Length == 0 ? key.ToString() : $"{prefix}.{key}", keys);
                break;
            case YamlSequenceNode list:
                for (var i = 0; i < list.Children.Count; i++)
                    Flatten(yaml, list.Children[i], string.Create(CultureInfo.InvariantCulture, $"{prefix}.{i}"), keys);
                break;
            case YamlScalarNode scalar when prefix.Length > 0:
                keys.Add(new ConfigurationKey(prefix, scalar.Value ?? "", yaml.At(scalar)));
                break;
            default:
                yaml.Fault(node, "the file must be a mapping of keys to values");
                break;
        }
    }
}

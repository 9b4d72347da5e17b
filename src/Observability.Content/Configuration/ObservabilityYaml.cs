using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace Observability.Content;

/// <summary>
/// Flattens <c>observability.yaml</c> into configuration values that know their line. Which keys exist is for the
/// options they are bound to; a finding about one is named with <see cref="ConfigurationValue.Written"/>.
/// </summary>
public static class ObservabilityYaml
{
    // Aliases may repeat a node; a file that grows beyond this is a mistake, not a configuration.
    private const int MaximumValues = 100_000;

    /// <summary>The values in the order of the file. Keys without a value, empty lists and empty mappings give none.</summary>
    public static ReadResult<ImmutableArray<ConfigurationValue>> Read(ContentFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var findings = new Findings();
        var roots = YamlDocument.Roots(file, 0, findings);
        var place = new YamlPlace(file.Path, 0, findings);
        var values = new List<ConfigurationValue>();
        if (roots.Count > 1)
            findings.Add(place.At(roots[1]), "a second document begins here; the configuration is one document");
        if (roots.Count > 0 && !YamlMap.IsNull(roots[0]) && YamlMap.Of(roots[0], place, "the file") is not null)
            Flatten(roots[0], "", "", place, values);
        if (values.Count >= MaximumValues)
            findings.Add(place.At(roots[0]), $"has {MaximumValues} values or more; shorten it");
        return findings.With<ImmutableArray<ConfigurationValue>>([.. values]);
    }

    private static void Flatten(YamlNode node, string key, string written, YamlPlace place, List<ConfigurationValue> values)
    {
        if (values.Count >= MaximumValues)
            return;
        switch (node)
        {
            case YamlMappingNode map:
                foreach (var (name, child) in map.Children)
                {
                    var text = (name as YamlScalarNode)?.Value ?? "";
                    var plain = text.Replace("_", "", StringComparison.Ordinal);
                    if (plain.Length == 0 || text.Contains(':', StringComparison.Ordinal))
                        place.Findings.Add(place.At(name), $"'{name}' cannot be a key; use letters, digits and _");
                    else
                        Flatten(child, Join(key, plain, ":"), Join(written, text, "."), place, values);
                }

                break;
            case YamlSequenceNode list:
                for (var i = 0; i < list.Children.Count; i++)
                    Flatten(list.Children[i], Join(key, $"{i}", ":"), $"{written}[{i}]", place, values);
                break;
            case YamlScalarNode scalar when !YamlMap.IsNull(scalar):
                values.Add(new ConfigurationValue(key, written, scalar.Value ?? "", place.At(scalar)));
                break;
        }
    }

    private static string Join(string prefix, string name, string separator) => prefix.Length == 0 ? name : prefix + separator + name;
}

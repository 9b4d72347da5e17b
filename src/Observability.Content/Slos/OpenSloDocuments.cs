using YamlDotNet.RepresentationModel;

namespace Observability.Content;

/// <summary>
/// The objects of OpenSLO files: several documents, each one object or a list of them, of <c>openslo/v1</c> or
/// <c>openslo.com/v2alpha</c>.
/// </summary>
internal sealed class OpenSloDocuments
{
    private const string V1 = "openslo/v1";
    private const string V2Alpha = "openslo.com/v2alpha";
    private readonly Dictionary<(string Kind, string Name), OpenSloObject> _byName = [];

    public OpenSloDocuments(IReadOnlyList<ContentFile> files, Findings findings)
    {
        foreach (var file in files)
        {
            var place = new YamlPlace(file.Path, 0, findings);
            foreach (var root in YamlDocument.Roots(file, 0, findings))
            {
                foreach (var node in root is YamlSequenceNode list ? list.Children : [root])
                    Add(node, place);
            }
        }
    }

    public List<OpenSloObject> Slos { get; } = [];

    /// <summary>The object a reference names; null, with a finding, where there is none.</summary>
    public OpenSloObject? Resolve(YamlMap from, string key, string kind, string name)
    {
        if (_byName.TryGetValue((kind, name), out var found))
            return found;
        from.Fault(key, $"names the {kind} '{name}', which no file defines");
        return null;
    }

    private void Add(YamlNode node, YamlPlace place)
    {
        if (YamlMap.IsNull(node) || YamlMap.Of(node, place, "an object") is not { } map)
            return;
        var version = map.Required("apiVersion");
        if (version is not (V1 or V2Alpha))
        {
            if (version.Length > 0)
                map.Fault("apiVersion", $"is '{version}'; use {V1} or {V2Alpha}");
            return;
        }

        if (ReadObject(map, map.Required("kind"), version == V2Alpha) is not { } found)
            return;
        if (found.Name.Length == 0)
            map.Fault("metadata", "has no name");
        else if (!_byName.TryAdd((found.Kind, found.Name), found) && found.Kind is "SLO" or "SLI" or "AlertPolicy" or "AlertCondition")
            map.Fault("metadata", $"has the name '{found.Name}', which another {found.Kind} has at {_byName[(found.Kind, found.Name)].Spec.At}");
        else if (found.Kind == "SLO")
            Slos.Add(found);
    }

    /// <summary>An object that stands by itself or inline; null where it has no spec that is read here.</summary>
    public static OpenSloObject? ReadObject(YamlMap map, string kind, bool isDraft)
    {
        map.Ignore("apiVersion", "kind");
        var (name, displayName, annotations) = ReadMetadata(map, isDraft);
        var spec = map.Map("spec");
        map.Close();
        if (kind is not ("SLO" or "SLI" or "AlertPolicy" or "AlertCondition" or "Service" or "DataSource" or "AlertNotificationTarget"))
        {
            if (kind.Length > 0)
                map.Fault("kind", $"is '{kind}'; use SLO, SLI, AlertPolicy, AlertCondition, Service, DataSource or AlertNotificationTarget");
            return null;
        }

        if (spec is null && kind is "SLO" or "SLI" or "AlertPolicy" or "AlertCondition")
            map.Fault("spec", "is missing");
        return spec is null ? null : new OpenSloObject(kind, name, displayName, annotations, isDraft, spec);
    }

    private static (string Name, string DisplayName, IReadOnlyDictionary<string, string> Annotations) ReadMetadata(YamlMap map, bool isDraft)
    {
        if (map.Map("metadata") is not { } metadata)
            return ("", "", new Dictionary<string, string>());
        var name = metadata.Text("name") ?? "";
        // Lists of values in v1, plain values in v2alpha; nothing here depends on them.
        metadata.Ignore("labels");
        var displayName = isDraft ? "" : metadata.Text("displayName") ?? "";
        var annotations = metadata.Pairs("annotations").ToDictionary(StringComparer.Ordinal);
        metadata.Close();
        return (name, displayName, annotations);
    }
}

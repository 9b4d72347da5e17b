using Observability.Model;

namespace Observability.Content;

/// <summary>Reads <c>rules/faults/*.yaml</c>: what the platform makes of an event code, one row each, with its source.</summary>
public static class FaultCatalogueReader
{
    private static readonly string[] Roles = [AlertLabel.RoleCause, AlertLabel.RoleSymptom];
    private static readonly string[] Severities = ["critical", "warning", "info", "none"];
    private static readonly string[] Actions = ["ignore", "investigate", "restart-app", "reset-gpu", "reboot-node", "drain-and-inspect", "replace"];

    /// <summary>Reads one file.</summary>
    public static ContentResult<FaultCatalogueRow> Read(string file, string text)
    {
        var yaml = new YamlSource(file);
        var rows = new List<FaultCatalogueRow>();
        if (yaml.Root(text) is not { } root || yaml.Mapping(root, "fault catalogue") is not { } top)
            return new ContentResult<FaultCatalogueRow>(rows, yaml.Findings);
        yaml.Known(top, "fault catalogue", "version", "faults");
        foreach (var node in yaml.Items(YamlSource.Get(top, "faults"), "faults"))
        {
            if (yaml.Mapping(node, "fault") is not { } row)
                continue;
            yaml.Known(row, "fault", "code", "meaning", "class", "role", "severity", "action", "hold", "count", "window", "reference");
            var code = yaml.Text(row, "code", "fault", required: true);
            rows.Add(new FaultCatalogueRow
            {
                Code = code,
                Meaning = yaml.Text(row, "meaning", code, required: true),
                FaultClass = yaml.Text(row, "class", code, required: true),
                Role = OneOf(yaml, row, "role", code, Roles),
                Severity = OneOf(yaml, row, "severity", code, Severities),
                Action = OneOf(yaml, row, "action", code, Actions),
                Hold = yaml.Duration(row, "hold", code, TimeSpan.FromMinutes(10)),
                Count = (int)yaml.Number(row, "count", code, 1),
                Window = yaml.Duration(row, "window", code, TimeSpan.FromHours(24)),
                Reference = yaml.Text(row, "reference", code, required: true),
                Source = yaml.At(row),
            });
            if (rows.Count(known => known.Code == code) > 1)
                yaml.Fault(node, $"{code}: stands twice in this file");
        }

        return new ContentResult<FaultCatalogueRow>(rows, yaml.Findings);
    }

    private static string OneOf(YamlSource yaml, YamlDotNet.RepresentationModel.YamlMappingNode row, string name, string what, string[] known)
    {
        var text = yaml.Text(row, name, what, required: true);
        if (text.Length > 0 && !known.Contains(text))
            yaml.Fault(row, $"{what}.{name}: '{text}' is not one of {string.Join(", ", known)}");
        return text;
    }
}

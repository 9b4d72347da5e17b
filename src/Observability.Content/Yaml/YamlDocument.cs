using Observability.Model;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Observability.Content;

/// <summary>Reads YAML text into nodes that know their line.</summary>
internal static class YamlDocument
{
    /// <summary>The roots of all documents of a file; empty, with a finding, where it is not YAML.</summary>
    public static IReadOnlyList<YamlNode> Roots(ContentFile file, int lineOffset, Findings findings)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(file.Text));
            return [.. stream.Documents.Select(document => document.RootNode)];
        }
        catch (YamlException e)
        {
            findings.Add(new SourceLine(file.Path, (int)e.Start.Line + lineOffset), $"is not YAML: {e.Message}");
            return [];
        }
    }

    /// <summary>The first document as a mapping; null, with a finding where it is something else, and without one where the file is empty.</summary>
    public static YamlMap? FirstMap(ContentFile file, Findings findings, int lineOffset = 0)
    {
        var roots = Roots(file, lineOffset, findings);
        return roots.Count == 0 || YamlMap.IsNull(roots[0]) ? null : YamlMap.Of(roots[0], new YamlPlace(file.Path, lineOffset, findings), "the file");
    }
}
